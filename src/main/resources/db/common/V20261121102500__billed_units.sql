-- What is billed by other units than tokens, and every unit price that a cost was computed from.
alter table request_logs add column images bigint not null default 0;
alter table request_logs add column audio_millis bigint not null default 0;
alter table request_logs add column cache_write_long_price ${decimal};
alter table request_logs add column reasoning_price ${decimal};
alter table request_logs add column image_price ${decimal};
alter table request_logs add column second_price ${decimal};
