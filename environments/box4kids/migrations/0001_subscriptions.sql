CREATE TABLE boxes (
    id text PRIMARY KEY,
    title text NOT NULL,
    price bigint NOT NULL CHECK (price > 0)
);

CREATE TABLE subscriptions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    family text NOT NULL UNIQUE,
    box text NOT NULL REFERENCES boxes,
    paid_boxes bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO boxes VALUES
    ('small', 'Three toys a month', 149000),
    ('large', 'Six toys a month', 249000),
    ('books', 'Toys and a picture book', 199000);
