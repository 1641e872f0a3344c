-- How a call came about, and whose it is. All of it is 0 in what is older: those rows are hashed without these columns, as they were.
ALTER TABLE billing.invocation
    ADD COLUMN trigger     smallint NOT NULL DEFAULT 0,
    ADD COLUMN attempt     smallint NOT NULL DEFAULT 0,
    ADD COLUMN service_uid uuid     NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000';
ALTER TABLE billing.invocation
    ALTER COLUMN trigger DROP DEFAULT,
    ALTER COLUMN attempt DROP DEFAULT,
    ALTER COLUMN service_uid DROP DEFAULT;
COMMENT ON COLUMN billing.invocation.trigger IS '0 not recorded, 1 a request, 2 a call that was stored';
COMMENT ON COLUMN billing.invocation.attempt IS 'which one of the same request, from 1; 0 when it was not recorded';
COMMENT ON COLUMN billing.invocation.service_uid IS 'of the service: one that is made again under its name has another';
