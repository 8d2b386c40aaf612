-- The key is the browser's: the same checkout sent again is the same payment.
CREATE TABLE payments (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL UNIQUE,
    subscription_id bigint NOT NULL REFERENCES subscriptions,
    provider text NOT NULL CHECK (provider IN ('card', 'wallet')),
    box text NOT NULL REFERENCES boxes,
    amount bigint NOT NULL CHECK (amount > 0),
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'paid', 'refunded')),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX payments_subscription ON payments (subscription_id, id DESC);

-- The inbox: what a provider said, kept before it is believed to fit. It is answered as soon as it stands here.
CREATE TABLE callbacks (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    provider text NOT NULL,
    event text NOT NULL,
    payment text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('paid', 'refunded')),
    amount bigint NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'dead')),
    attempts int NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT now(),
    error text,
    received_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (provider, event)
);
CREATE INDEX callbacks_due ON callbacks (due_at) WHERE state = 'open';

-- The ledger: what callbacks came to.
CREATE TABLE entries (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    payment_id bigint NOT NULL REFERENCES payments,
    event text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('paid', 'refunded')),
    amount bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (payment_id, kind)
);

-- Up to when each provider was asked for everything it told us.
CREATE TABLE reconciled (
    provider text PRIMARY KEY,
    until bigint NOT NULL
);
