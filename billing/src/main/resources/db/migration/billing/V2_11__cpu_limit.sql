-- The processors that a call's instance was given, what a price of processors held is for, and sums of them. All of it is 0 in what is older, and
-- what is 0 is hashed as it was before there was such a column: no link and no digest is made anew.
ALTER TABLE billing.invocation ADD COLUMN cpu_millicores integer NOT NULL DEFAULT 0;
ALTER TABLE billing.invocation ALTER COLUMN cpu_millicores DROP DEFAULT;
COMMENT ON COLUMN billing.invocation.cpu_millicores IS 'processor limit of the instance, thousandths of a processor; 0 when it was not recorded';

ALTER TABLE billing.price_book
    ADD COLUMN per_vcpu_second_picos bigint NOT NULL DEFAULT 0 CHECK (per_vcpu_second_picos >= 0);

ALTER TABLE billing.usage_minute ADD COLUMN vcpu_millicore_ms numeric NOT NULL DEFAULT 0;
ALTER TABLE billing.usage_hour ADD COLUMN vcpu_millicore_ms numeric NOT NULL DEFAULT 0;
ALTER TABLE billing.usage_day ADD COLUMN vcpu_millicore_ms numeric NOT NULL DEFAULT 0;
COMMENT ON COLUMN billing.usage_minute.vcpu_millicore_ms IS 'sum of processor limit x billed time: vCPU-seconds are this / 1,000,000';

ALTER TABLE billing.correction ADD COLUMN vcpu_millicore_ms numeric NOT NULL DEFAULT 0;
