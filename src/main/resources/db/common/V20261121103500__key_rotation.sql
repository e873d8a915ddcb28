alter table api_keys add column retiring_weak boolean not null default false;

create unique index api_keys_by_retiring_digest on api_keys (retiring_digest);
create index api_keys_by_user on api_keys (user_id, created_at desc, id desc);
create index api_keys_by_organization on api_keys (organization_id, created_at desc, id desc);
create index request_logs_by_user on request_logs (user_id, started_at desc, id desc);
create index request_logs_by_organization on request_logs (organization_id, started_at desc, id desc);
