-- What is no money and yet decides what is billed or compared: where reading goes on, values that were no records, and what kernels counted. A seal
-- is how many rows such a table has and the sum of their hashes. Whoever adds rows adds theirs, whoever takes rows away takes theirs away as it
-- knows them, so that a change behind the ledger's back stays in the difference for ever. docs/adr/0039 says why this is no link of the chain.
CREATE TABLE billing.seal (
    name      text    PRIMARY KEY,
    row_count bigint  NOT NULL,
    -- Of the first 64 bits of each row's SHA-256, as numbers with a sign.
    content   numeric NOT NULL
);

INSERT INTO billing.seal
SELECT 'ingest_offset', count(*), coalesce(sum(
    ('x' || left(encode(sha256(record_send(ROW(topic, partition, next_offset))), 'hex'), 16))::bit(64)::bigint::numeric), 0)
FROM billing.ingest_offset
UNION ALL
SELECT 'rejected', count(*), coalesce(sum(
    ('x' || left(encode(sha256(record_send(ROW(topic, partition, log_offset, reason, value, rejected_at))), 'hex'), 16))::bit(64)::bigint::numeric), 0)
FROM billing.rejected
UNION ALL
SELECT 'node_cpu', count(*), coalesce(sum(
    ('x' || left(encode(sha256(record_send(ROW(node_id, run, period, at, counted_us, prepared_us))), 'hex'), 16))::bit(64)::bigint::numeric), 0)
FROM billing.node_cpu;
