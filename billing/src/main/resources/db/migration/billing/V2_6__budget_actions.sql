-- Budgets that do more than tell. A cap's money is leased to gateways; a lease is a claim on the amount until it is closed, and afterwards
-- stands for what was spent from it until the records of that time are certain to be in the ledger.

ALTER TABLE billing.budget
    ADD action        text        NOT NULL DEFAULT 'NOTIFY' CHECK (action IN ('NOTIFY', 'THROTTLE', 'BLOCK', 'CAP')),
    -- Another one whenever what is counted changes: leases of before are void then.
    ADD scope_id      uuid        NOT NULL DEFAULT gen_random_uuid(),
    ADD enforced_from timestamptz NOT NULL DEFAULT now(),
    ADD scarce        boolean     NOT NULL DEFAULT false;

CREATE TABLE billing.budget_lease (
    lease_id    uuid        PRIMARY KEY,
    budget      text        NOT NULL REFERENCES billing.budget ON DELETE CASCADE,
    scope_id    uuid        NOT NULL,
    gateway     text        NOT NULL,
    boot        text        NOT NULL,
    picos       bigint      NOT NULL CHECK (picos > 0),
    granted_at  timestamptz NOT NULL,
    valid_until timestamptz NOT NULL,
    closed_at   timestamptz,
    spent_picos bigint      CHECK (spent_picos >= 0)
);

CREATE INDEX budget_lease_scope ON billing.budget_lease (scope_id, closed_at);
