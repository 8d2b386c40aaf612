CREATE SCHEMA token;

CREATE TABLE token.balances (
    user_id bigint PRIMARY KEY,
    amount bigint NOT NULL CHECK (amount >= 0)
);

-- The ledger: each key once, whoever asks how often.
CREATE TABLE token.entries (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL UNIQUE,
    user_id bigint NOT NULL REFERENCES token.balances,
    amount bigint NOT NULL CHECK (amount <> 0),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX entries_user ON token.entries (user_id, id DESC);
