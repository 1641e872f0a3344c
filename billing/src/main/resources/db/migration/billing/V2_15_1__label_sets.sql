-- The labels of a revision as they were first heard of, a row that is never changed and belongs to a link of its namespace's chain. A name that is used
-- again, by a service that was made anew, is another row, and counts from a later day: what was used before keeps the labels it had.
CREATE TABLE billing.label_set (
    namespace   text   NOT NULL,
    revision    text   NOT NULL,
    -- Of the service, as the controller made it; empty for labels from before it was kept.
    service_uid text   NOT NULL,
    labels      jsonb  NOT NULL,
    -- The first day, in UTC, whose usage has these labels: a whole one, so that sums by minute, hour and day say the same.
    counts_from date   NOT NULL,
    batch       bigint NOT NULL,
    PRIMARY KEY (namespace, revision, service_uid)
);

INSERT INTO billing.label_set
SELECT namespace, revision, '', jsonb_object_agg(name, value), date '1970-01-01', 0 FROM billing.revision_label GROUP BY 1, 2;

-- What questions read, made from the sets: a row a label, with the days for which it counts.
ALTER TABLE billing.revision_label
    ADD COLUMN counts_from  timestamptz NOT NULL DEFAULT '1970-01-01T00:00:00Z',
    ADD COLUMN counts_until timestamptz NOT NULL DEFAULT 'infinity',
    DROP CONSTRAINT revision_label_pkey,
    ADD PRIMARY KEY (namespace, revision, name, counts_from);

DO $$
DECLARE
    content record;
    seq     bigint;
    last    bytea;
    at      timestamptz := date_trunc('milliseconds', now());
BEGIN
    FOR content IN
        SELECT namespace, count(*) AS rows, sha256(string_agg(sha256(record_send(ROW(
            namespace, revision, service_uid, labels::text, counts_from, batch))), ''::bytea ORDER BY revision COLLATE "C", service_uid COLLATE "C")) AS digest
        FROM billing.label_set GROUP BY namespace ORDER BY namespace
    LOOP
        SELECT h.seq, h.hash INTO seq, last FROM billing.chain_head h WHERE h.namespace = content.namespace;
        seq := coalesce(seq, 0) + 1;
        last := sha256(coalesce(last, sha256(''::bytea))
            || int4send(octet_length(content.namespace)) || convert_to(content.namespace, 'UTF8') || int8send(seq)
            || int2send(9::smallint) || int8send(0::bigint) || int8send(0::bigint)
            || int8send(content.rows) || content.digest || int8send((extract(epoch FROM at) * 1000000)::bigint));
        INSERT INTO billing.chain VALUES (content.namespace, seq, 9, date '1970-01-01', 0, content.rows, content.digest, at, last);
        INSERT INTO billing.chain_head VALUES (content.namespace, seq, last)
            ON CONFLICT (namespace) DO UPDATE SET seq = excluded.seq, hash = excluded.hash;
    END LOOP;
END $$;
