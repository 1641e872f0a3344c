-- Records whose date cannot be: a clock was wrong that said when they were received. They are in the ledger with the time of their arrival, in
-- their id as well. A row here says under which id the caller knows one, what the clock said, and when it arrived first, so that a record that is read again
-- is dated as before.

CREATE TABLE billing.redated (
    said_id    uuid        PRIMARY KEY,
    -- Microseconds since 1970.
    said_at_us bigint      NOT NULL,
    arrived_at timestamptz NOT NULL
);

-- Whoever changes one changes under which date a record that is read again meets itself: sealed, as docs/adr/0039 says.
INSERT INTO billing.seal VALUES ('redated', 0, 0);
