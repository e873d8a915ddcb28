create table secrets (
    name varchar(64) not null primary key,
    value_encrypted text not null,
    created_at bigint not null
);

create table upstreams (
    id ${uuid} not null primary key,
    name varchar(64) not null unique,
    provider varchar(32) not null,
    protocols text,
    base_url text not null,
    paths text not null,
    default_model varchar(255),
    is_default boolean not null,
    timeout_millis bigint,
    connect_timeout_millis bigint,
    first_byte_timeout_millis bigint,
    idle_timeout_millis bigint,
    weight double precision not null,
    priority integer not null,
    region varchar(64),
    max_qps integer,
    max_concurrency integer,
    headers_encrypted text,
    retryable_status_codes text not null,
    discover_models boolean not null,
    capabilities text not null,
    config text,
    is_active boolean not null,
    created_at bigint not null,
    updated_at bigint not null
);

create unique index upstreams_one_default on upstreams (is_default) where is_default = true;

create table upstream_keys (
    upstream_id ${uuid} not null references upstreams (id),
    position integer not null,
    label varchar(64) not null,
    secret_encrypted text not null,
    weight double precision not null,
    max_qps integer,
    primary key (upstream_id, position)
);

create table upstream_models (
    upstream_id ${uuid} not null references upstreams (id),
    model_id varchar(255) not null,
    position integer not null,
    json text,
    primary key (upstream_id, model_id)
);

-- A row without a digest was imported with its bcrypt hash alone.
create table api_keys (
    id ${uuid} not null primary key,
    name varchar(255) not null,
    description text,
    prefix varchar(32) not null,
    digest char(64) unique,
    bcrypt_hash varchar(72),
    permissions text not null,
    all_upstreams boolean not null,
    is_active boolean not null,
    expires_at bigint,
    default_model varchar(255),
    source_label varchar(255),
    user_id ${uuid},
    organization_id ${uuid},
    weak boolean not null,
    created_at bigint not null,
    updated_at bigint not null
);

create index api_keys_newest on api_keys (created_at desc, id desc);
create index api_keys_by_prefix on api_keys (prefix);

create table api_key_upstreams (
    api_key_id ${uuid} not null references api_keys (id),
    upstream_id ${uuid} not null references upstreams (id),
    created_at bigint not null,
    primary key (api_key_id, upstream_id)
);

-- One row a call of a known key. No foreign keys: a record outlives what it names. No lengths: an
-- import must not fail for a long word; the texts are cut before.
create table request_logs (
    id ${uuid} not null primary key,
    started_at bigint not null,
    api_key_id ${uuid},
    key_prefix text,
    source_label text,
    user_id ${uuid},
    organization_id ${uuid},
    session text,
    client_address text not null,
    user_agent text,
    method text not null,
    path text not null,
    protocol text,
    model text,
    stream boolean not null,
    upstream_id ${uuid},
    upstream_name text,
    served_model text,
    served_protocol text,
    target_url text,
    route_trail text,
    ending text not null,
    status_code integer not null,
    fault text,
    error_code text,
    error_message text,
    first_token_micros bigint,
    duration_micros bigint not null,
    usage_origin text not null,
    input_tokens bigint not null,
    cache_read_tokens bigint not null,
    cache_write_tokens bigint not null,
    cache_write_long_tokens bigint not null,
    output_tokens bigint not null,
    reasoning_tokens bigint not null,
    audio_tokens bigint not null,
    input_price ${decimal},
    cached_input_price ${decimal},
    cache_write_price ${decimal},
    output_price ${decimal},
    request_price ${decimal},
    currency text,
    cost_nanos bigint,
    request_bytes bigint not null,
    response_bytes bigint not null,
    chunks bigint not null,
    attempts text not null,
    warnings text not null
);

create index request_logs_newest on request_logs (started_at desc, id desc);
create index request_logs_by_key on request_logs (api_key_id, started_at desc, id desc);
create index request_logs_by_upstream on request_logs (upstream_id, started_at desc, id desc);
create index request_logs_by_status on request_logs (status_code, started_at desc, id desc);
create index request_logs_by_model on request_logs (model, started_at desc, id desc);
create index request_logs_by_ending on request_logs (ending, started_at desc, id desc);

-- How far each node's journal has been imported into request_logs.
create table import_positions (
    node varchar(64) not null primary key,
    position bigint not null,
    updated_at bigint not null
);
