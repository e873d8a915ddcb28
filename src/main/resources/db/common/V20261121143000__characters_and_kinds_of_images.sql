-- What is billed by the character, and which images were made.
alter table request_logs add column characters bigint not null default 0;
alter table request_logs add column image_size text;
alter table request_logs add column image_quality text;
alter table request_logs add column character_price ${decimal};
