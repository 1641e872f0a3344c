-- Prices of answers, and how a version bills a whole period: steps, free parts, discounts, fee and minimum. Terms are null for a
-- version that bills a period as the sum of its calls.

ALTER TABLE billing.price_book
    ADD COLUMN per_egress_gb_picos bigint NOT NULL DEFAULT 0 CHECK (per_egress_gb_picos >= 0),
    ADD COLUMN terms jsonb,
    ADD COLUMN created_at timestamptz NOT NULL DEFAULT now();
