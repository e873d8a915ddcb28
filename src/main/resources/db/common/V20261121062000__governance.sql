create table organizations (
    id ${uuid} not null primary key,
    name varchar(255) not null unique,
    description text,
    is_active boolean not null,
    created_at bigint not null,
    updated_at bigint not null
);

-- Names and addresses are stored in lower case: they are recognised whatever their case.
create table users (
    id ${uuid} not null primary key,
    organization_id ${uuid} references organizations (id),
    username varchar(64) not null unique,
    email varchar(255) not null unique,
    display_name varchar(255),
    password_hash varchar(72) not null,
    role varchar(16) not null,
    is_active boolean not null,
    sessions_since bigint not null,
    last_sign_in_at bigint,
    created_at bigint not null,
    updated_at bigint not null
);

create index users_by_organization on users (organization_id, created_at desc, id desc);

-- One row a session; the refresh token changes with each use, and an old one ends the session.
create table sessions (
    id ${uuid} not null primary key,
    user_id ${uuid} not null references users (id),
    kind varchar(16) not null,
    refresh_digest char(64),
    client_address varchar(64) not null,
    user_agent varchar(256),
    created_at bigint not null,
    expires_at bigint not null,
    ended_at bigint,
    ended_why varchar(32)
);

create index sessions_by_user on sessions (user_id, created_at desc);
create index sessions_by_end on sessions (expires_at);

-- Limits of one subject: a key, an organization, a model, or everything. Amounts are counts, or
-- nano-units of money. A period of 'none' is that of concurrency.
create table limits (
    scope varchar(16) not null,
    subject_id ${uuid} not null,
    model varchar(255),
    position integer not null,
    measure varchar(16) not null,
    period varchar(16) not null,
    amount bigint not null,
    zone varchar(64) not null,
    updated_at bigint not null,
    primary key (scope, subject_id, measure, period, zone)
);

create table prices (
    id ${uuid} not null primary key,
    body text not null,
    created_at bigint not null,
    updated_at bigint not null
);

-- Append-only: nothing updates or deletes a row.
create table audit_log (
    id ${uuid} not null primary key,
    at bigint not null,
    actor_kind varchar(16) not null,
    actor_id ${uuid},
    actor_name text not null,
    organization_id ${uuid},
    client_address text not null,
    action varchar(32) not null,
    resource varchar(32) not null,
    resource_id ${uuid},
    before_change text,
    after_change text
);

create index audit_log_newest on audit_log (at desc, id desc);
create index audit_log_by_resource on audit_log (resource, resource_id, at desc);

-- What deleted request records had used, by quarters of an hour: every period of every time zone
-- begins with one.
create table archived_usage (
    started_at bigint not null,
    api_key_id ${uuid},
    user_id ${uuid},
    organization_id ${uuid},
    upstream_id ${uuid},
    model text,
    requests bigint not null,
    tokens bigint not null,
    cost_nanos bigint not null
);

create index archived_usage_by_time on archived_usage (started_at);

alter table api_keys add column rules text;
alter table api_keys add column retiring_digest char(64);
alter table api_keys add column retiring_until bigint;
