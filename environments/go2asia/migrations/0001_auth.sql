CREATE SCHEMA auth;

CREATE TABLE auth.users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject text NOT NULL UNIQUE,
    email text NOT NULL,
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- What a browser holds is the token, what stands here its hash: a backup opens nobody's session.
CREATE TABLE auth.sessions (
    token_hash bytea PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES auth.users,
    expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_user ON auth.sessions (user_id);
