CREATE SCHEMA content;

CREATE TABLE content.places (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    country char(2) NOT NULL,
    name text NOT NULL,
    summary text NOT NULL,
    UNIQUE (country, name)
);

CREATE TABLE content.reviews (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL UNIQUE,
    place_id bigint NOT NULL REFERENCES content.places,
    user_id bigint NOT NULL,
    stars smallint NOT NULL CHECK (stars BETWEEN 1 AND 5),
    text text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX reviews_place ON content.reviews (place_id, id DESC);

INSERT INTO content.places (country, name, summary) VALUES
    ('TH', 'Chiang Mai', 'Temples within a moat, mountains behind'),
    ('TH', 'Koh Lanta', 'Long beaches, slow ferries'),
    ('VN', 'Hội An', 'Lanterns over the river'),
    ('ID', 'Ubud', 'Rice terraces and gamelan'),
    ('GE', 'თბილისი', 'Sulphur baths below a fortress');
