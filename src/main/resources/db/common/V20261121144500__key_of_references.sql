-- By which of the upstream's keys it was made: keys may belong to different accounts.
alter table upstream_references add upstream_key varchar(255);
