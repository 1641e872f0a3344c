-- Sums of the time of instances without a call, beside those of calls, and what of each day an invoice counts: so that the bill of a month is read
-- from some dozens of rows and not from its records. Both are kept in the transaction that stores the records.

ALTER TABLE billing.usage_minute
    ADD COLUMN idle_millicore_us     numeric NOT NULL DEFAULT 0,
    ADD COLUMN idle_memory_byte_us   numeric NOT NULL DEFAULT 0,
    ADD COLUMN frozen_memory_byte_us numeric NOT NULL DEFAULT 0;
ALTER TABLE billing.usage_hour
    ADD COLUMN idle_millicore_us     numeric NOT NULL DEFAULT 0,
    ADD COLUMN idle_memory_byte_us   numeric NOT NULL DEFAULT 0,
    ADD COLUMN frozen_memory_byte_us numeric NOT NULL DEFAULT 0;
ALTER TABLE billing.usage_day
    ADD COLUMN idle_millicore_us     numeric NOT NULL DEFAULT 0,
    ADD COLUMN idle_memory_byte_us   numeric NOT NULL DEFAULT 0,
    ADD COLUMN frozen_memory_byte_us numeric NOT NULL DEFAULT 0;
COMMENT ON COLUMN billing.usage_minute.idle_millicore_us IS 'sum of processor limit x idle time of instances: vCPU-seconds are this / 10^9';

-- Calls with an outcome that is billed and prices that are known, by the day they were received on; time of instances, by the day its stretch ended on.
CREATE TABLE billing.billed_day (
    account               text    NOT NULL,
    day                   date    NOT NULL,
    price_version         integer NOT NULL,
    requests              numeric NOT NULL,
    cpu_us                numeric NOT NULL,
    vcpu_millicore_ms     numeric NOT NULL,
    memory_byte_ms        numeric NOT NULL,
    bytes_out             numeric NOT NULL,
    idle_millicore_us     numeric NOT NULL,
    idle_memory_byte_us   numeric NOT NULL,
    frozen_memory_byte_us numeric NOT NULL,
    PRIMARY KEY (account, day, price_version)
) WITH (fillfactor = 50);

-- Of billed_day, as usage_digest is of the sums by minute; null for days that were retired before there was such a table.
ALTER TABLE billing.retired_day
    ADD COLUMN billed_digest      bytea CHECK (length(billed_digest) = 32),
    ADD COLUMN next_billed_digest bytea CHECK (length(next_billed_digest) = 32);

CREATE INDEX correction_filed ON billing.correction (account, filed_at);

-- From the records that are there. The sums by minute of a day that was sealed stay as they were sealed.
CREATE TEMPORARY TABLE waited ON COMMIT DROP AS
SELECT date_trunc('minute', at, 'UTC') AS bucket, account, namespace, service, revision, price_version,
  sum(cpu_millicores::numeric * idle_us) AS idle_millicore_us, sum(memory_bytes::numeric * idle_us) AS idle_memory_byte_us,
  sum(memory_bytes::numeric * frozen_us) AS frozen_memory_byte_us
FROM billing.instance_time WHERE idle_us > 0 OR frozen_us > 0
GROUP BY 1, 2, 3, 4, 5, 6;

DO $$
DECLARE
    part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['minute', 'hour', 'day'] LOOP
        EXECUTE format($sql$
            INSERT INTO billing.usage_%1$s AS old (bucket, account, namespace, service, revision, price_version, invocations, errors,
              cold_starts, queue_us, start_us, app_us, billed_ms, cpu_us, memory_byte_ms, bytes_in, bytes_out, cost_picos,
              idle_millicore_us, idle_memory_byte_us, frozen_memory_byte_us)
            SELECT date_trunc('%1$s', bucket, 'UTC'), account, namespace, service, revision, price_version,
              0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, sum(idle_millicore_us), sum(idle_memory_byte_us), sum(frozen_memory_byte_us)
            FROM waited WHERE NOT EXISTS (SELECT FROM billing.retired_day
              WHERE (bucket AT TIME ZONE 'UTC')::date IN (id_day, id_day + 1))
            GROUP BY 1, 2, 3, 4, 5, 6
            ON CONFLICT (bucket, account, namespace, service, revision, price_version) DO UPDATE SET
              idle_millicore_us = excluded.idle_millicore_us, idle_memory_byte_us = excluded.idle_memory_byte_us,
              frozen_memory_byte_us = excluded.frozen_memory_byte_us
            $sql$, part);
    END LOOP;
END $$;

INSERT INTO billing.billed_day
SELECT account, day, price_version, sum(requests), sum(cpu_us), sum(vcpu_millicore_ms), sum(memory_byte_ms), sum(bytes_out),
  sum(idle_millicore_us), sum(idle_memory_byte_us), sum(frozen_memory_byte_us)
FROM (
  SELECT account, (received_at AT TIME ZONE 'UTC')::date AS day, price_version, count(*) AS requests, sum(cpu_us) AS cpu_us,
    sum(cpu_millicores::numeric * billed_ms) AS vcpu_millicore_ms, sum(memory_bytes::numeric * billed_ms) AS memory_byte_ms,
    sum(bytes_out) AS bytes_out, 0 AS idle_millicore_us, 0 AS idle_memory_byte_us, 0 AS frozen_memory_byte_us
  FROM billing.invocation WHERE outcome < 4 AND rating <> 2 GROUP BY 1, 2, 3
  UNION ALL
  SELECT account, (bucket AT TIME ZONE 'UTC')::date, price_version, 0, 0, 0, 0, 0, sum(idle_millicore_us), sum(idle_memory_byte_us),
    sum(frozen_memory_byte_us)
  FROM waited GROUP BY 1, 2, 3
) AS part GROUP BY 1, 2, 3;
