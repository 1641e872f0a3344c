-- The chain: every batch of rows that was stored is a link, and each link's hash covers the one before it, so that nothing can be
-- changed, added or taken away behind the ledger's back. A chain a namespace; what belongs to no namespace has the empty name's.
-- docs/billing.md has the bytes that are hashed.

ALTER TABLE billing.invocation ADD COLUMN batch bigint NOT NULL DEFAULT 0;
ALTER TABLE billing.invocation ALTER COLUMN batch DROP DEFAULT;
COMMENT ON COLUMN billing.invocation.batch IS 'the link of the chain that covers the row, with namespace and id_day';

CREATE SEQUENCE billing.batch AS bigint;

CREATE TABLE billing.chain (
    namespace text        NOT NULL,
    seq       bigint      NOT NULL CHECK (seq > 0),
    -- What is linked: 0 invocations of one day, 1 a correction, 2 a price book, 3 an invoice, 4 a day that was retired, 5 a root.
    kind      smallint    NOT NULL,
    id_day    date        NOT NULL,
    -- The batch of invocations, or the number of the row.
    content   bigint      NOT NULL,
    row_count bigint      NOT NULL CHECK (row_count > 0),
    digest    bytea       NOT NULL CHECK (length(digest) = 32),
    linked_at timestamptz NOT NULL,
    hash      bytea       NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (namespace, seq),
    UNIQUE (kind, namespace, id_day, content)
);

-- The last link of each chain: without it, a chain that was cut off would look whole.
CREATE TABLE billing.chain_head (
    namespace text   PRIMARY KEY,
    seq       bigint NOT NULL,
    hash      bytea  NOT NULL
);

-- One hash a day over all chains: published elsewhere, it proves the whole ledger up to that day.
CREATE TABLE billing.day_root (
    number    bigint      PRIMARY KEY CHECK (number > 0),
    day       date        NOT NULL UNIQUE,
    -- namespace -> "seq:hash" of its last link when the day was sealed
    heads     jsonb       NOT NULL,
    sealed_at timestamptz NOT NULL,
    root      bytea       NOT NULL CHECK (length(root) = 32)
);

-- Days whose records were dropped, and the sums that stay in their place.
CREATE TABLE billing.retired_day (
    number     bigint  PRIMARY KEY,
    id_day     date    NOT NULL UNIQUE,
    row_count  bigint  NOT NULL,
    cost_picos numeric NOT NULL,
    -- Of the sums by minute of that day and of the next, which an id of just before midnight may have added to.
    usage_digest      bytea NOT NULL CHECK (length(usage_digest) = 32),
    next_usage_digest bytea NOT NULL CHECK (length(next_usage_digest) = 32)
);

-- What was wrong with a record, as a row of its own: the record stays, and this is added to the sums of the time it was filed.
CREATE TABLE billing.correction (
    number         bigint      PRIMARY KEY,
    filed_at       timestamptz NOT NULL,
    invocation_id  uuid        NOT NULL UNIQUE,
    account        text        NOT NULL,
    namespace      text        NOT NULL,
    service        text        NOT NULL,
    revision       text        NOT NULL,
    price_version  integer     NOT NULL,
    invocations    bigint      NOT NULL,
    billed_ms      bigint      NOT NULL,
    cpu_us         bigint      NOT NULL,
    memory_byte_ms numeric     NOT NULL,
    bytes_out      bigint      NOT NULL,
    cost_picos     bigint      NOT NULL,
    reason         text        NOT NULL
);

-- What was stored before there was a chain, as the first links: one a namespace and day.
DO $$
DECLARE
    content record;
    seq     bigint;
    last    bytea;
    at      timestamptz := date_trunc('milliseconds', now());
BEGIN
    FOR content IN
        SELECT namespace, 0::smallint AS kind, id_day, 0::bigint AS number, count(*) AS rows, sha256(string_agg(sha256(record_send(ROW(
            id_day, invocation_id, received_at, account, namespace, service, revision, instance_id, node_id, method, status, outcome,
            queue_us, start_us, app_us, cold_start, billed_ms, cpu_us, cpu_apportioned, memory_bytes, memory_peak_bytes, bytes_in,
            bytes_out, price_version, cost_picos, rating, batch))), ''::bytea ORDER BY invocation_id)) AS digest
        FROM billing.invocation GROUP BY namespace, id_day
        UNION ALL
        SELECT '', 2::smallint, date '1970-01-01', version::bigint, 1, sha256(record_send(ROW(version, currency, effective_from,
            per_request_picos, per_cpu_second_picos, per_gib_second_picos, increment_millis, start_billed, per_egress_gb_picos,
            terms::text, created_at)))
        FROM billing.price_book
        ORDER BY 1, 3, 4
    LOOP
        SELECT h.seq, h.hash INTO seq, last FROM billing.chain_head h WHERE h.namespace = content.namespace;
        seq := coalesce(seq, 0) + 1;
        last := sha256(coalesce(last, sha256(''::bytea))
            || int4send(octet_length(content.namespace)) || convert_to(content.namespace, 'UTF8') || int8send(seq)
            || int2send(content.kind) || int8send((content.id_day - date '1970-01-01')::bigint) || int8send(content.number)
            || int8send(content.rows) || content.digest || int8send((extract(epoch FROM at) * 1000000)::bigint));
        INSERT INTO billing.chain VALUES (content.namespace, seq, content.kind, content.id_day, content.number, content.rows,
            content.digest, at, last);
        INSERT INTO billing.chain_head VALUES (content.namespace, seq, last)
            ON CONFLICT (namespace) DO UPDATE SET seq = excluded.seq, hash = excluded.hash;
    END LOOP;
END $$;
