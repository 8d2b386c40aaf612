CREATE SCHEMA referral;

CREATE TABLE referral.codes (
    user_id bigint PRIMARY KEY,
    code text NOT NULL UNIQUE
);

-- A claim is written first and paid afterwards, by whichever release is there then.
CREATE TABLE referral.claims (
    user_id bigint PRIMARY KEY,
    code text NOT NULL REFERENCES referral.codes (code),
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'paid')),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX claims_open ON referral.claims (created_at) WHERE state = 'open';
