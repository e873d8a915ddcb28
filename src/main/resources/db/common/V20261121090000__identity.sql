-- At most one row: of two who set up the first owner at the same time, one is first.
create table first_owner (
    only_one integer not null primary key,
    user_id ${uuid} not null references users (id),
    created_at bigint not null
);

-- Written while records are imported, never by a call.
alter table api_keys add column last_used_at bigint;
alter table api_keys add column use_count bigint not null default 0;
