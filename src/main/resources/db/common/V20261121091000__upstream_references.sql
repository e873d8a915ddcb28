-- What upstreams keep between calls, and whose it is.
create table upstream_references (
    id varchar(255) not null primary key,
    kind varchar(32) not null,
    api_key_id ${uuid} not null,
    user_id ${uuid},
    upstream_id ${uuid} not null,
    made_at bigint not null
);

create index upstream_references_by_time on upstream_references (made_at);
