-- Deleted records leave behind all that usage is summed by: refused calls too, the model as it was
-- asked for, failures, and input and output apart. Of what was archived before, only sums are known.
alter table archived_usage add column asked_model text;
alter table archived_usage add column calls bigint not null default 0;
alter table archived_usage add column failures bigint not null default 0;
alter table archived_usage add column input_tokens bigint not null default 0;
alter table archived_usage add column output_tokens bigint not null default 0;
alter table archived_usage add column currency text;

update archived_usage set asked_model = model, calls = requests, input_tokens = tokens;

create index archived_usage_by_key on archived_usage (api_key_id, started_at);
create index archived_usage_by_user on archived_usage (user_id, started_at);
create index archived_usage_by_organization on archived_usage (organization_id, started_at);
