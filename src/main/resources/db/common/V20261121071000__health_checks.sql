alter table upstreams add column health_check_millis bigint;
