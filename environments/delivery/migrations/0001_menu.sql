CREATE TABLE restaurants (
    id text PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE dishes (
    id text PRIMARY KEY,
    restaurant_id text NOT NULL REFERENCES restaurants,
    name text NOT NULL,
    price bigint NOT NULL CHECK (price > 0)
);
CREATE INDEX dishes_restaurant ON dishes (restaurant_id, id);

CREATE TABLE customers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO restaurants VALUES ('noodles', 'Noodle Bar'), ('oven', 'The Oven'), ('garden', 'Garden Kitchen');
INSERT INTO dishes VALUES
    ('ramen', 'noodles', 'Ramen', 1150),
    ('udon', 'noodles', 'Udon with mushrooms', 980),
    ('gyoza', 'noodles', 'Gyoza, six', 520),
    ('margherita', 'oven', 'Pizza Margherita', 890),
    ('calzone', 'oven', 'Calzone', 1090),
    ('focaccia', 'oven', 'Focaccia', 450),
    ('bowl', 'garden', 'Green bowl', 990),
    ('soup', 'garden', 'Soup of the day', 560),
    ('falafel', 'garden', 'Falafel plate', 870);
