-- What the six wide indexes of request_logs cost was half of writing a record. Those that take their place hold no id and grow at their
-- end: rows that began in one microsecond are sorted when they are read. What nearly all rows share is found by time, and is in no index:
-- a search for anything else says so (LogFilter).
drop index request_logs_newest;
drop index request_logs_by_key;
drop index request_logs_by_upstream;
drop index request_logs_by_status;
drop index request_logs_by_model;
drop index request_logs_by_ending;
drop index request_logs_by_user;
drop index request_logs_by_organization;

create index request_logs_by_time on request_logs (started_at);
create index request_logs_by_key on request_logs (api_key_id, started_at);
create index request_logs_by_upstream on request_logs (upstream_id, started_at);
create index request_logs_by_model on request_logs (model, started_at);
create index request_logs_by_status on request_logs (status_code, started_at) where status_code <> 200;
create index request_logs_by_ending on request_logs (ending, started_at) where ending <> 'completed';
create index request_logs_by_user on request_logs (user_id, started_at) where user_id is not null;
create index request_logs_by_organization on request_logs (organization_id, started_at) where organization_id is not null;
