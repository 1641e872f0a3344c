-- Processor time in the records of calls, by node and by the tenth of a second in which they ended: what is compared with the node's kernel.
-- Written in the transaction that stores the records, kept for as long as it is compared.

CREATE TABLE billing.node_calls (
    node_id text   NOT NULL,
    -- Tenths of a second since 1970.
    tick    bigint NOT NULL,
    cpu_us  bigint NOT NULL,
    PRIMARY KEY (node_id, tick)
) WITH (fillfactor = 70);

-- The hour before this migration is compared as well.
INSERT INTO billing.node_calls
SELECT node_id, floor((extract(epoch FROM received_at) * 1000000 + queue_us + start_us + app_us) / 100000)::bigint, sum(cpu_us)
FROM billing.invocation
WHERE id_day >= current_date - 1 AND received_at > now() - interval '2 hours'
GROUP BY 1, 2;
