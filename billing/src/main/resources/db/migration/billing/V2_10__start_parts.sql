-- Where the time of the start went that a call waited for: names and whole microseconds, 'schedule=61,claim=12,listen=410'.
-- Empty of a call that found an instance, and of records from before this column: those are hashed without it, as they were.
ALTER TABLE billing.invocation ADD COLUMN start_parts text NOT NULL DEFAULT '';
ALTER TABLE billing.invocation ALTER COLUMN start_parts DROP DEFAULT;
COMMENT ON COLUMN billing.invocation.start_parts IS
    'parts of the start the call caused or waited for, in microseconds; more than start_us when it was under way before';
