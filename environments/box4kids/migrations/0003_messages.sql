-- The outbox: written in the transaction of what it tells of, sent by the worker, as often as it takes.
CREATE TABLE messages (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL UNIQUE,
    receiver text NOT NULL CHECK (receiver IN ('warehouse', 'tax')),
    body jsonb NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'dead')),
    attempts int NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT now(),
    error text
);
CREATE INDEX messages_due ON messages (due_at) WHERE state = 'open';
