-- Invoices and credit notes, one series without gaps: a number is given when a document becomes final, and the row is never changed
-- afterwards. What happens to it later, and credits that were granted, are rows of their own; each row here is a link of the chain.

CREATE TABLE billing.invoice (
    number         bigint      PRIMARY KEY CHECK (number > 0),
    -- 0 an invoice, 1 a credit note
    kind           smallint    NOT NULL CHECK (kind IN (0, 1)),
    account        text        NOT NULL,
    month          date        NOT NULL,
    currency       text        NOT NULL,
    total          numeric     NOT NULL,
    credit_applied numeric     NOT NULL,
    refers_to      bigint      REFERENCES billing.invoice,
    issued_at      timestamptz NOT NULL,
    -- The document as it was issued, JSON, byte for byte.
    document       text        NOT NULL
);

CREATE UNIQUE INDEX invoice_month ON billing.invoice (account, month, currency) WHERE kind = 0;

CREATE TABLE billing.invoice_event (
    number  bigint      PRIMARY KEY CHECK (number > 0),
    invoice bigint      NOT NULL UNIQUE REFERENCES billing.invoice,
    state   text        NOT NULL CHECK (state IN ('PAID', 'VOID')),
    at      timestamptz NOT NULL,
    note    text        NOT NULL
);

CREATE TABLE billing.credit (
    number     bigint      PRIMARY KEY CHECK (number > 0),
    account    text        NOT NULL,
    currency   text        NOT NULL,
    amount     numeric     NOT NULL CHECK (amount > 0),
    granted_at timestamptz NOT NULL,
    reason     text        NOT NULL
);
