alter table logical_models add column is_hedge_billed boolean not null default false;
