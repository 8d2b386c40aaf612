-- The queue: written in the transaction of what it is about, done by whichever worker takes it first.
CREATE TABLE jobs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL UNIQUE,
    body jsonb NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'dead')),
    attempts int NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT now(),
    error text
);
CREATE INDEX jobs_due ON jobs (due_at) WHERE state = 'open';

-- How far the partners' own list of events was read. A rollback takes it back too, so that what it took is fetched again.
CREATE TABLE partner_cursor (
    id int PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    position bigint NOT NULL
);
INSERT INTO partner_cursor (position) VALUES (0);
