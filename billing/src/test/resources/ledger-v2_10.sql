-- A ledger as the version with schema V2_10 wrote it, in plain SQL: three months of calls in two namespaces, instances' time, an invoiced month
-- whose records were dropped, an invoiced one whose records are there, a credit note, a payment, a credit, a correction and a root. Bytes, digests
-- and links are those of that version and stay as they are: what comes later has to read them.

SET TIME ZONE 'UTC';

CREATE FUNCTION pg_temp.link(of_namespace text, of_kind int, of_day date, of_content bigint, of_rows bigint, of_digest bytea, made timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    number bigint;
    last   bytea;
BEGIN
    SELECT seq, hash INTO number, last FROM billing.chain_head WHERE namespace = of_namespace;
    number := coalesce(number, 0) + 1;
    last := sha256(coalesce(last, sha256(''::bytea)) || int4send(octet_length(of_namespace)) || convert_to(of_namespace, 'UTF8')
        || int8send(number) || int2send(of_kind::smallint) || int8send((of_day - date '1970-01-01')::bigint) || int8send(of_content)
        || int8send(of_rows) || of_digest || int8send((extract(epoch FROM made) * 1000000)::bigint));
    INSERT INTO billing.chain VALUES (of_namespace, number, of_kind, of_day, of_content, of_rows, of_digest, made, last);
    INSERT INTO billing.chain_head VALUES (of_namespace, number, last)
        ON CONFLICT (namespace) DO UPDATE SET seq = excluded.seq, hash = excluded.hash;
END $$;

-- UUIDv7 of a moment.
CREATE FUNCTION pg_temp.id(at timestamptz, nth int) RETURNS uuid LANGUAGE sql AS $$
    SELECT (substr(ms, 1, 8) || '-' || substr(ms, 9, 4) || '-7000-8000-' || lpad(to_hex(nth), 12, '0'))::uuid
    FROM (SELECT lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0') AS ms) AS moment
$$;

-- One in ten failed on the platform's side and cost nothing; one in four waited for a start, whose parts are recorded. Each of the others computed
-- for 500 s in a second of billed time with 128 MiB: 200,000 + 12,000,000,000 + 312,500 picos.
CREATE FUNCTION pg_temp.calls(of_day date, amount int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    made bigint := nextval('billing.batch');
    part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['invocation', 'instance_time'] LOOP
        EXECUTE format('CREATE TABLE billing.%s_%s PARTITION OF billing.%s FOR VALUES FROM (%L) TO (%L)',
            part, to_char(of_day, 'YYYYMMDD'), part, of_day, of_day + 1);
    END LOOP;
    INSERT INTO billing.invocation
    SELECT of_day, pg_temp.id(at, nth), at, 'default', CASE WHEN nth % 2 = 0 THEN 'default' ELSE 'shop' END, 'hello', 'hello-00001', 'i-1',
        'node-1', 'GET', CASE WHEN failed THEN 500 ELSE 200 END, CASE WHEN failed THEN 5 ELSE 0 END, 10, CASE WHEN waited THEN 500 ELSE 0 END,
        1000000, waited, CASE WHEN failed THEN 0 ELSE 1000 END, 500000000, false, 134217728, 1048576, 7, 100, 1,
        CASE WHEN failed THEN 0 ELSE 12000512500 END, 0, made, CASE WHEN waited THEN 'schedule=61,claim=12' ELSE '' END
    FROM (SELECT nth, of_day + interval '10 hours' + nth * interval '7 seconds' AS at, nth % 10 = 0 AS failed, nth % 4 = 1 AS waited
        FROM generate_series(1, amount) AS nth) AS call;
    INSERT INTO billing.instance_time
    SELECT of_day, pg_temp.id(of_day + interval '11 hours', 1000 + nth), of_day + interval '11 hours', 'default', 'default', 'hello',
        'hello-00001', 'i-1', 'node-1', 100, 200, 3000000, 4000000, 50, 40, true, 500, 134217728, 1, nth, 1, made
    FROM generate_series(1, 3) AS nth;
    PERFORM pg_temp.link(namespace, 0, of_day, made, count(*), sha256(string_agg(sha256(CASE WHEN start_parts = ''
            THEN record_send(ROW(id_day, invocation_id, received_at, account, namespace, service, revision, instance_id, node_id, method,
                status, outcome, queue_us, start_us, app_us, cold_start, billed_ms, cpu_us, cpu_apportioned, memory_bytes, memory_peak_bytes,
                bytes_in, bytes_out, price_version, cost_picos, rating, batch))
            ELSE record_send(ROW(id_day, invocation_id, received_at, account, namespace, service, revision, instance_id, node_id, method,
                status, outcome, queue_us, start_us, app_us, cold_start, billed_ms, cpu_us, cpu_apportioned, memory_bytes, memory_peak_bytes,
                bytes_in, bytes_out, price_version, cost_picos, rating, batch, start_parts)) END), ''::bytea ORDER BY invocation_id)),
        of_day + interval '12 hours')
    FROM billing.invocation WHERE batch = made GROUP BY namespace;
    PERFORM pg_temp.link(namespace, 8, of_day, made, count(*), sha256(string_agg(sha256(record_send(ROW(id_day, time_id, at, account, namespace,
            service, revision, instance_id, node_id, start_us, busy_us, idle_us, frozen_us, cpu_us, call_cpu_us, reserved, cpu_millicores,
            memory_bytes, run, period, price_version, batch))), ''::bytea ORDER BY time_id)), of_day + interval '12 hours')
    FROM billing.instance_time WHERE batch = made GROUP BY namespace;
END $$;

-- What was added to the sums of three windows.
CREATE FUNCTION pg_temp.add(bucket timestamptz, namespace text, invocations bigint, errors bigint, cold_starts bigint, queue_us numeric,
    start_us numeric, app_us numeric, billed_ms numeric, cpu_us numeric, memory_byte_ms numeric, bytes_in numeric, bytes_out numeric,
    cost_picos numeric) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['minute', 'hour', 'day'] LOOP
        EXECUTE format($sql$
            INSERT INTO billing.usage_%1$s AS old
            VALUES (date_trunc('%1$s', $1, 'UTC'), 'default', $2, 'hello', 'hello-00001', 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            ON CONFLICT (bucket, account, namespace, service, revision, price_version) DO UPDATE SET
              invocations = old.invocations + excluded.invocations, errors = old.errors + excluded.errors,
              cold_starts = old.cold_starts + excluded.cold_starts, queue_us = old.queue_us + excluded.queue_us,
              start_us = old.start_us + excluded.start_us, app_us = old.app_us + excluded.app_us, billed_ms = old.billed_ms + excluded.billed_ms,
              cpu_us = old.cpu_us + excluded.cpu_us, memory_byte_ms = old.memory_byte_ms + excluded.memory_byte_ms,
              bytes_in = old.bytes_in + excluded.bytes_in, bytes_out = old.bytes_out + excluded.bytes_out,
              cost_picos = old.cost_picos + excluded.cost_picos
            $sql$, part)
            USING bucket, namespace, invocations, errors, cold_starts, queue_us, start_us, app_us, billed_ms, cpu_us, memory_byte_ms, bytes_in,
                bytes_out, cost_picos;
    END LOOP;
END $$;

SELECT pg_temp.calls('2024-08-10', 10);
SELECT pg_temp.calls('2024-09-20', 40);
SELECT pg_temp.calls('2024-10-05', 20);
SELECT pg_temp.add(received_at, namespace, 1, (outcome <> 0)::int, cold_start::int, queue_us, start_us, app_us, billed_ms, cpu_us,
    memory_bytes::numeric * billed_ms, bytes_in, bytes_out, cost_picos)
FROM billing.invocation;

-- 36 of the 40 calls of September, 9 of the 10 of August, are billed.
INSERT INTO billing.invoice VALUES (1, 0, 'default', '2024-08-01', 'USD', 0.11, 0.00, NULL, '2024-09-01T08:00:00Z',
    '{"number":1,"kind":"INVOICE","refersTo":null,"issuer":"Wisp","account":"default","month":"2024-08-01","issuedAt":"2024-09-01T08:00:00Z","dueAt":"2024-09-15T08:00:00Z","currency":"USD","lines":[{"id":"2024-08-1","category":"USAGE","priceVersion":1,"meter":"REQUESTS","description":"Requests","quantity":"9","unit":"Requests","parts":[{"quantity":"9","unitPrice":"0.0000002"}],"exact":"1800000/1","amount":"0.00","records":"/v1/billing/records?from=2024-08-01T00:00:00Z&to=2024-09-01T00:00:00Z"},{"id":"2024-08-2","category":"USAGE","priceVersion":1,"meter":"CPU_TIME","description":"CPU time","quantity":"4500","unit":"Core-Seconds","parts":[{"quantity":"4500","unitPrice":"0.000024"}],"exact":"108000000000/1","amount":"0.11","records":"/v1/billing/records?from=2024-08-01T00:00:00Z&to=2024-09-01T00:00:00Z"},{"id":"2024-08-3","category":"USAGE","priceVersion":1,"meter":"MEMORY_TIME","description":"Memory time","quantity":"1.125","unit":"GiB-Seconds","parts":[{"quantity":"1.125","unitPrice":"0.0000025"}],"exact":"2812500/1","amount":"0.00","records":"/v1/billing/records?from=2024-08-01T00:00:00Z&to=2024-09-01T00:00:00Z"},{"id":"2024-08-4","category":"USAGE","priceVersion":1,"meter":"EGRESS","description":"Egress","quantity":"0.0000009","unit":"GB","parts":[{"quantity":"0.0000009","unitPrice":"0.00"}],"exact":"0/1","amount":"0.00","records":"/v1/billing/records?from=2024-08-01T00:00:00Z&to=2024-09-01T00:00:00Z"}],"subtotal":"0.11","creditApplied":"0.00","tax":"0.00","total":"0.11","snapshots":[{"month":"2024-08-01","usage":[{"priceVersion":1,"quantities":{"REQUESTS":9,"CPU_TIME":4500000000,"MEMORY_TIME":1207959552000,"EGRESS":900}}]}]}');
INSERT INTO billing.invoice VALUES (2, 0, 'default', '2024-09-01', 'USD', 0.43, 0.00, NULL, '2024-10-01T08:00:00Z',
    '{"number":2,"kind":"INVOICE","refersTo":null,"issuer":"Wisp","account":"default","month":"2024-09-01","issuedAt":"2024-10-01T08:00:00Z","dueAt":"2024-10-15T08:00:00Z","currency":"USD","lines":[{"id":"2024-09-1","category":"USAGE","priceVersion":1,"meter":"REQUESTS","description":"Requests","quantity":"36","unit":"Requests","parts":[{"quantity":"36","unitPrice":"0.0000002"}],"exact":"7200000/1","amount":"0.00","records":"/v1/billing/records?from=2024-09-01T00:00:00Z&to=2024-10-01T00:00:00Z"},{"id":"2024-09-2","category":"USAGE","priceVersion":1,"meter":"CPU_TIME","description":"CPU time","quantity":"18000","unit":"Core-Seconds","parts":[{"quantity":"18000","unitPrice":"0.000024"}],"exact":"432000000000/1","amount":"0.43","records":"/v1/billing/records?from=2024-09-01T00:00:00Z&to=2024-10-01T00:00:00Z"},{"id":"2024-09-3","category":"USAGE","priceVersion":1,"meter":"MEMORY_TIME","description":"Memory time","quantity":"4.5","unit":"GiB-Seconds","parts":[{"quantity":"4.5","unitPrice":"0.0000025"}],"exact":"11250000/1","amount":"0.00","records":"/v1/billing/records?from=2024-09-01T00:00:00Z&to=2024-10-01T00:00:00Z"},{"id":"2024-09-4","category":"USAGE","priceVersion":1,"meter":"EGRESS","description":"Egress","quantity":"0.0000036","unit":"GB","parts":[{"quantity":"0.0000036","unitPrice":"0.00"}],"exact":"0/1","amount":"0.00","records":"/v1/billing/records?from=2024-09-01T00:00:00Z&to=2024-10-01T00:00:00Z"}],"subtotal":"0.43","creditApplied":"0.00","tax":"0.00","total":"0.43","snapshots":[{"month":"2024-09-01","usage":[{"priceVersion":1,"quantities":{"REQUESTS":36,"CPU_TIME":18000000000,"MEMORY_TIME":4831838208000,"EGRESS":3600}}]}]}');
INSERT INTO billing.invoice VALUES (3, 1, 'default', '2024-09-01', 'USD', -0.10, 0.00, 2, '2024-10-02T08:00:00Z',
    '{"number":3,"kind":"CREDIT_NOTE","refersTo":2,"issuer":"Wisp","account":"default","month":"2024-09-01","issuedAt":"2024-10-02T08:00:00Z","dueAt":"2024-10-02T08:00:00Z","currency":"USD","lines":[{"id":"credit-1","category":"CREDIT","priceVersion":null,"meter":null,"description":"too slow","quantity":null,"unit":null,"parts":[],"exact":"-100000000000/1","amount":"-0.10","records":null}],"subtotal":"-0.10","creditApplied":"0.00","tax":"0.00","total":"-0.10","snapshots":[]}');
SELECT pg_temp.link('', 3, '1970-01-01', number, 1, sha256(record_send(ROW(number, kind, account, month, currency, total, credit_applied,
    refers_to, issued_at, document))), issued_at)
FROM billing.invoice ORDER BY number;

INSERT INTO billing.invoice_event VALUES (1, 1, 'PAID', '2024-09-12T08:00:00Z', 'by transfer');
SELECT pg_temp.link('', 6, '1970-01-01', number, 1, sha256(record_send(ROW(number, invoice, state, at, note))), at) FROM billing.invoice_event;

INSERT INTO billing.credit VALUES (1, 'default', 'USD', 0.05, '2024-10-03T08:00:00Z', 'for the trouble');
SELECT pg_temp.link('', 7, '1970-01-01', number, 1, sha256(record_send(ROW(number, account, currency, amount, granted_at, reason))), granted_at)
FROM billing.credit;

INSERT INTO billing.correction
SELECT 1, '2024-10-06T08:00:00Z', invocation_id, account, namespace, service, revision, price_version, -1, -billed_ms, -cpu_us,
    -(memory_bytes::numeric * billed_ms), -bytes_out, -cost_picos, 'called by mistake'
FROM billing.invocation WHERE id_day = '2024-10-05' AND outcome = 0 ORDER BY invocation_id LIMIT 1;
SELECT pg_temp.add(filed_at, namespace, invocations, 0, 0, 0, 0, 0, billed_ms, cpu_us, memory_byte_ms, 0, bytes_out, cost_picos)
FROM billing.correction;
SELECT pg_temp.link('', 1, '1970-01-01', number, 1, sha256(record_send(ROW(number, filed_at, invocation_id, account, namespace, service,
    revision, price_version, invocations, billed_ms, cpu_us, memory_byte_ms, bytes_out, cost_picos, reason))), filed_at)
FROM billing.correction;

INSERT INTO billing.day_root
SELECT number, day, heads, sealed_at, sha256(sha256(''::bytea) || int8send(number) || int8send((day - date '1970-01-01')::bigint)
    || convert_to(heads::text, 'UTF8') || int8send((extract(epoch FROM sealed_at) * 1000000)::bigint))
FROM (SELECT 1::bigint AS number, date '2024-10-06' AS day, timestamptz '2024-10-07T00:00:05Z' AS sealed_at,
    (SELECT jsonb_object_agg(namespace, seq || ':' || encode(hash, 'hex')) FROM billing.chain_head) AS heads) AS root;
SELECT pg_temp.link('', 5, '1970-01-01', number, 1, root, sealed_at) FROM billing.day_root;

INSERT INTO billing.retired_day
SELECT 1, '2024-08-10', count(*), sum(cost_picos), (SELECT sha256(string_agg(sha256(record_send(ROW(bucket, account, namespace, service,
    revision, price_version, invocations, errors, cold_starts, queue_us, start_us, app_us, billed_ms, cpu_us, memory_byte_ms, bytes_in,
    bytes_out, cost_picos))), ''::bytea ORDER BY bucket, account, namespace, service, revision, price_version))
    FROM billing.usage_minute WHERE bucket >= '2024-08-10T00:00:00Z' AND bucket < '2024-08-11T00:00:00Z'), sha256(''::bytea)
FROM billing.invocation WHERE id_day = '2024-08-10';
SELECT pg_temp.link('', 4, '1970-01-01', number, 1, sha256(record_send(ROW(number, id_day, row_count, cost_picos, usage_digest,
    next_usage_digest))), '2024-10-20T00:00:10Z')
FROM billing.retired_day;
DROP TABLE billing.invocation_20240810, billing.instance_time_20240810;
