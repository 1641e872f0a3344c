-- What may be spent in a month, and which thresholds of it were told to whom. Neither is part of the chain: a budget moves no money.

CREATE TABLE billing.budget (
    name      text    PRIMARY KEY,
    -- null: all namespaces
    namespace text,
    amount    numeric NOT NULL CHECK (amount > 0),
    -- Percent of the amount.
    actual    integer[] NOT NULL,
    forecast  integer[] NOT NULL
);

-- A threshold is told once a month; the row is there before the first try, so that a crash repeats a message and loses none.
CREATE TABLE billing.budget_notice (
    id           uuid        PRIMARY KEY,
    budget       text        NOT NULL REFERENCES billing.budget ON DELETE CASCADE,
    month        date        NOT NULL,
    kind         text        NOT NULL CHECK (kind IN ('ACTUAL', 'FORECAST')),
    percent      integer     NOT NULL,
    crossed_at   timestamptz NOT NULL,
    event        text        NOT NULL,
    attempts     integer     NOT NULL DEFAULT 0,
    next_try_at  timestamptz,
    delivered_at timestamptz,
    last_error   text,
    UNIQUE (budget, month, kind, percent)
);

CREATE INDEX budget_notice_due ON billing.budget_notice (next_try_at) WHERE next_try_at IS NOT NULL;
