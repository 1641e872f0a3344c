-- The ledger: one row per invocation, sums over them, and how far the topic has been read. Quantities are bigint or
-- numeric; nothing here is a floating-point number. Money is in picos, 10^-12 of the price book's currency.

CREATE SCHEMA IF NOT EXISTS billing;

-- One row a version; a row is never changed once a record names it.
CREATE TABLE billing.price_book (
    version               integer     PRIMARY KEY CHECK (version > 0),
    currency              text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    effective_from        timestamptz NOT NULL,
    per_request_picos     bigint      NOT NULL CHECK (per_request_picos >= 0),
    per_cpu_second_picos  bigint      NOT NULL CHECK (per_cpu_second_picos >= 0),
    per_gib_second_picos  bigint      NOT NULL CHECK (per_gib_second_picos >= 0),
    increment_millis      bigint      NOT NULL CHECK (increment_millis >= 1),
    start_billed          boolean     NOT NULL
);

INSERT INTO billing.price_book VALUES (1, 'USD', '1970-01-01T00:00:00Z', 200000, 24000000, 2500000, 1, false);

-- id_day is the UTC day inside the UUIDv7 itself (of received_at for other ids), not a second opinion about when the call
-- came: equal ids have equal days, so the key of one partition decides for the whole table that an id is stored once.
CREATE TABLE billing.invocation (
    id_day            date        NOT NULL,
    invocation_id     uuid        NOT NULL,
    received_at       timestamptz NOT NULL,
    account           text        NOT NULL,
    namespace         text        NOT NULL,
    service           text        NOT NULL,
    revision          text        NOT NULL,
    instance_id       text        NOT NULL,
    node_id           text        NOT NULL,
    method            text        NOT NULL,
    status            smallint    NOT NULL,
    outcome           smallint    NOT NULL,
    queue_us          bigint      NOT NULL,
    start_us          bigint      NOT NULL,
    app_us            bigint      NOT NULL,
    cold_start        boolean     NOT NULL,
    billed_ms         bigint      NOT NULL,
    cpu_us            bigint      NOT NULL,
    cpu_apportioned   boolean     NOT NULL,
    memory_bytes      bigint      NOT NULL,
    memory_peak_bytes bigint      NOT NULL,
    bytes_in          bigint      NOT NULL,
    bytes_out         bigint      NOT NULL,
    price_version     integer     NOT NULL,
    cost_picos        bigint      NOT NULL,
    -- How the cost came about: 0 the node's, confirmed; 1 computed here, the node's differed; 2 the node's, its price
    -- version is unknown here.
    rating            smallint    NOT NULL,
    PRIMARY KEY (id_day, invocation_id)
) PARTITION BY RANGE (id_day);

-- Lists of one service, newest first, without reading the others'.
CREATE INDEX invocation_service ON billing.invocation (namespace, service, id_day, invocation_id);

COMMENT ON COLUMN billing.invocation.outcome IS
    '0 success, 1 error, 2 timeout, 3 client gone, 4 out of memory, 5 platform error; the last two are not billed';

-- Sums of invocation rows, written in the transaction that stores them. The price version is part of the key because it
-- decides currency and unit prices: an invoice line is one group of these rows.
CREATE TABLE billing.usage_minute (
    bucket         timestamptz NOT NULL,
    account        text        NOT NULL,
    namespace      text        NOT NULL,
    service        text        NOT NULL,
    revision       text        NOT NULL,
    price_version  integer     NOT NULL,
    invocations    bigint      NOT NULL,
    errors         bigint      NOT NULL,
    cold_starts    bigint      NOT NULL,
    queue_us       numeric     NOT NULL,
    start_us       numeric     NOT NULL,
    app_us         numeric     NOT NULL,
    billed_ms      numeric     NOT NULL,
    cpu_us         numeric     NOT NULL,
    memory_byte_ms numeric     NOT NULL,
    bytes_in       numeric     NOT NULL,
    bytes_out      numeric     NOT NULL,
    cost_picos     numeric     NOT NULL,
    PRIMARY KEY (bucket, account, namespace, service, revision, price_version)
) WITH (fillfactor = 70);

CREATE TABLE billing.usage_hour (LIKE billing.usage_minute INCLUDING ALL) WITH (fillfactor = 70);
CREATE TABLE billing.usage_day (LIKE billing.usage_minute INCLUDING ALL) WITH (fillfactor = 70);

COMMENT ON COLUMN billing.usage_minute.memory_byte_ms IS 'sum of memory limit x billed time: GiB-seconds are this / 2^30 / 1000';

-- Where to read on. Moves in the transaction that stores what was read.
CREATE TABLE billing.ingest_offset (
    topic       text    NOT NULL,
    partition   integer NOT NULL,
    next_offset bigint  NOT NULL CHECK (next_offset >= 0),
    PRIMARY KEY (topic, partition)
);

-- Values on the topic that are no records: kept as evidence, never counted or billed.
CREATE TABLE billing.rejected (
    topic       text        NOT NULL,
    partition   integer     NOT NULL,
    log_offset  bigint      NOT NULL,
    reason      text        NOT NULL,
    value       bytea       NOT NULL,
    rejected_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (topic, partition, log_offset)
);
