-- Where the time of instances went, and their processors, beside the calls that they served: records of the node like those of calls, in
-- partitions and links of their own. What the node's kernel counted in each period is kept to compare; it is no money, and not linked.

CREATE TABLE billing.instance_time (
    -- The day inside the UUIDv7, as with invocations.
    id_day         date        NOT NULL,
    time_id        uuid        NOT NULL,
    at             timestamptz NOT NULL,
    account        text        NOT NULL,
    namespace      text        NOT NULL,
    service        text        NOT NULL,
    revision       text        NOT NULL,
    instance_id    text        NOT NULL,
    node_id        text        NOT NULL,
    -- The four parts of the stretch of time that ends at "at".
    start_us       bigint      NOT NULL,
    busy_us        bigint      NOT NULL,
    idle_us        bigint      NOT NULL,
    frozen_us      bigint      NOT NULL,
    cpu_us         bigint      NOT NULL,
    call_cpu_us    bigint      NOT NULL,
    -- Whether the revision holds instances while nobody calls.
    reserved       boolean     NOT NULL,
    cpu_millicores integer     NOT NULL,
    memory_bytes   bigint      NOT NULL,
    run            bigint      NOT NULL,
    period         bigint      NOT NULL,
    -- In force at "at".
    price_version  integer     NOT NULL,
    batch          bigint      NOT NULL,
    PRIMARY KEY (id_day, time_id)
) PARTITION BY RANGE (id_day);

CREATE INDEX instance_time_service ON billing.instance_time (namespace, service, at);
CREATE INDEX instance_time_period ON billing.instance_time (node_id, run, period);

CREATE TABLE billing.node_cpu (
    node_id     text        NOT NULL,
    run         bigint      NOT NULL,
    period      bigint      NOT NULL,
    at          timestamptz NOT NULL,
    counted_us  bigint      NOT NULL,
    prepared_us bigint      NOT NULL,
    PRIMARY KEY (node_id, run, period)
);

CREATE INDEX node_cpu_at ON billing.node_cpu (at);
