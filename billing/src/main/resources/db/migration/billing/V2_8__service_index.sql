-- Lists of one service, newest first, by 8 bytes that stand for its names instead of the names: half the work of storing a record was keeping
-- the names in order. docs/adr/0144 has the figures. Two services of one hash are told apart by the names in the question.

DROP INDEX billing.invocation_service;

CREATE INDEX invocation_service ON billing.invocation (hashtextextended(namespace || '/' || service, 0), id_day, invocation_id);

-- Which services a namespace has: its newest records are the newest of the newest of each.
CREATE INDEX usage_day_service ON billing.usage_day (namespace, service);
