-- How high who switched it off stood; null while it is on, and where nobody knows.
alter table api_keys add column disabled_by varchar(32);
alter table users add column disabled_by varchar(32);
alter table organizations add column disabled_by varchar(32);

-- With which authority each change was made; null for those made before.
alter table audit_log add column actor_rank varchar(32);
