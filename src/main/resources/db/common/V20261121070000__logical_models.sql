create table logical_models (
    id varchar(255) not null primary key,
    display_name text,
    description text,
    capabilities text not null,
    is_enabled boolean not null,
    strategy varchar(32) not null,
    fallbacks text not null,
    attempt_timeout_millis bigint,
    deadline_millis bigint,
    is_hedged boolean not null,
    hedge_at_least_millis bigint not null,
    hedge_max_extra double precision not null,
    has_affinity boolean not null,
    created_at bigint not null,
    updated_at bigint not null
);

create table logical_model_targets (
    logical_model_id varchar(255) not null references logical_models (id),
    position integer not null,
    upstream_id ${uuid} not null references upstreams (id),
    model varchar(255) not null,
    weight double precision not null,
    priority integer not null,
    region varchar(64),
    primary key (logical_model_id, position)
);
