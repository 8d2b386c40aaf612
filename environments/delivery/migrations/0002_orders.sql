-- The key is the browser's: the same order sent again is the same order.
CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL UNIQUE,
    customer_id bigint NOT NULL REFERENCES customers,
    restaurant_id text NOT NULL REFERENCES restaurants,
    address text NOT NULL,
    total bigint NOT NULL CHECK (total > 0),
    -- Number of its newest event.
    stage int NOT NULL DEFAULT 1 CHECK (stage BETWEEN 1 AND 5),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX orders_customer ON orders (customer_id, id DESC);

CREATE TABLE order_lines (
    order_id bigint NOT NULL REFERENCES orders,
    dish_id text NOT NULL REFERENCES dishes,
    count int NOT NULL CHECK (count BETWEEN 1 AND 20),
    price bigint NOT NULL,
    PRIMARY KEY (order_id, dish_id)
);

-- What whoever waits for the order is told, one after the other and each once.
CREATE TABLE order_events (
    order_id bigint NOT NULL REFERENCES orders,
    number int NOT NULL,
    state text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (order_id, number)
);

-- The inbox: what a partner said, kept before it is believed to fit, and once however often it is said.
CREATE TABLE partner_events (
    event text PRIMARY KEY,
    order_key text NOT NULL,
    state text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX partner_events_order ON partner_events (order_key);
