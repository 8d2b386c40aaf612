/// Schemas with all that a PostgreSQL database can hold.
enum PostgreSQLSamples {
    /// One feature each, in SQL; `$r` stands for the application's role, `$n` for a name nobody wrote before.
    static let features = [
        "CREATE TABLE $n (id serial PRIMARY KEY, v varchar(9) CHECK (v IN ('a', 'b')), w text DEFAULT 'x'); INSERT INTO $n (v) SELECT 'a' FROM generate_series(1, 17);",
        "CREATE TABLE $n (id bigint GENERATED ALWAYS AS IDENTITY (START 7 INCREMENT 3), n int, d int GENERATED ALWAYS AS (n * 2) STORED); INSERT INTO $n (n) VALUES (1), (-1), (NULL);",
        "CREATE TABLE $n (a smallint[], b jsonb, c json, d uuid, e inet, f macaddr, g point, h tsvector, i interval, j money, k xml, l bit varying(9), m \"char\", o oid, p int4range, q numrange[]); INSERT INTO $n VALUES ('{1,NULL,3}', '{\"k\": [1.50, null]}', '{ \"k\" : 1 }', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '10.1.0.0/16', '08:00:2b:01:02:03', '(1.1,2)', 'a:1 b:2', '1 mon -3 days 04:05:06.789', 12.34, '<a>1</a>', B'101', 'x', 7, '[1,5)', '{\"[1.5,2)\"}');",
        "CREATE TABLE $n (f real, g double precision, h numeric, i numeric(9,3), t timestamptz, u timestamp(3), v time with time zone, d date, b bytea, z text); INSERT INTO $n VALUES (1.1, 1e-308, 'NaN', 12.345, 'infinity', '2020-02-29 23:59:59.999', '04:05:06-08', '4713-01-01 BC', '\\x00ff5c27', E'tab\\there\\nand \\\\ ''quote'' 🚀 é'), ('-Infinity', 0.1 + 0.2, 12345678901234567890.123456789, NULL, '1883-11-18 12:03:58+00', NULL, NULL, NULL, '', '');",
        "CREATE SCHEMA $n; CREATE TABLE $n.\"odd \"\"name\"\"\n🚀 'x' \\ $y$ %s\" (\"co l\"\"umn\" text, \"SELECT\" int); INSERT INTO $n.\"odd \"\"name\"\"\n🚀 'x' \\ $y$ %s\" VALUES ('x', 1), (NULL, 2); GRANT USAGE ON SCHEMA $n TO $r; GRANT SELECT (\"SELECT\") ON $n.\"odd \"\"name\"\"\n🚀 'x' \\ $y$ %s\" TO PUBLIC;",
        "CREATE TABLE $n (k int, region text, v text) PARTITION BY LIST (region); CREATE TABLE $n_a PARTITION OF $n FOR VALUES IN ('eu', 'us'); CREATE TABLE $n_d PARTITION OF $n DEFAULT; CREATE INDEX ON $n (k); ALTER TABLE $n ADD PRIMARY KEY (k, region); INSERT INTO $n SELECT g, CASE g % 3 WHEN 0 THEN 'eu' ELSE 'asia' END, md5(g::text) FROM generate_series(1, 50) g;",
        "CREATE TABLE $n (k int) PARTITION BY HASH (k); CREATE TABLE $n_0 PARTITION OF $n FOR VALUES WITH (MODULUS 2, REMAINDER 0); CREATE TABLE $n_1 PARTITION OF $n FOR VALUES WITH (MODULUS 2, REMAINDER 1); INSERT INTO $n SELECT generate_series(1, 99);",
        "CREATE TABLE $n (a int); CREATE TABLE $n_child (own text) INHERITS ($n); INSERT INTO $n_child VALUES (1, 'x'); ALTER TABLE $n ADD COLUMN later text DEFAULT 'l'; INSERT INTO $n VALUES (2, 'm');",
        "CREATE TYPE $n AS ENUM ('low', 'high'); ALTER TYPE $n ADD VALUE 'mid' BEFORE 'high'; CREATE TABLE $n_t (m $n DEFAULT 'low', a $n[]); INSERT INTO $n_t VALUES ('mid', '{low,high}');",
        "CREATE DOMAIN $n AS text COLLATE \"C\" DEFAULT 'd' NOT NULL CHECK (VALUE <> '' AND length(VALUE) BETWEEN 1 AND 5); CREATE TABLE $n_t (v $n, w int); INSERT INTO $n_t (w) VALUES (1);",
        "CREATE TYPE $n AS (a int, b text); CREATE TABLE $n_t (c $n, l $n[]); INSERT INTO $n_t VALUES (ROW(1, 'x,y'), ARRAY[ROW(2, NULL)::$n]); CREATE TYPE $n_r AS RANGE (subtype = float8);",
        "CREATE TABLE $n (id int PRIMARY KEY, p int REFERENCES $n DEFERRABLE INITIALLY DEFERRED, UNIQUE NULLS NOT DISTINCT (p)); INSERT INTO $n VALUES (1, 2), (2, 1);",
        "CREATE TABLE $n (during tsrange, EXCLUDE USING gist (during WITH &&)); INSERT INTO $n VALUES ('[2020-01-01,2020-01-02)');",
        "CREATE TABLE $n (owner text, v text); INSERT INTO $n VALUES ('a', 'b'); ALTER TABLE $n ENABLE ROW LEVEL SECURITY; ALTER TABLE $n FORCE ROW LEVEL SECURITY; CREATE POLICY own ON $n FOR SELECT TO $r USING (owner = current_user OR v IN ('x', 'y')) ; CREATE POLICY ins ON $n AS RESTRICTIVE FOR INSERT WITH CHECK (v <> '');",
        "CREATE FUNCTION $n(a int DEFAULT -1, VARIADIC b text[] DEFAULT '{}') RETURNS int LANGUAGE plpgsql STABLE AS $body$ BEGIN RETURN a + 1; END $body$; CREATE FUNCTION $n(text) RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT upper($1) || 'x'::varchar; END; CREATE PROCEDURE $n_p() LANGUAGE sql AS 'SELECT 1'; CREATE AGGREGATE $n_sum(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0'); REVOKE ALL ON FUNCTION $n(text) FROM PUBLIC; GRANT EXECUTE ON FUNCTION $n(text) TO $r WITH GRANT OPTION;",
        "CREATE TABLE $n (a int, s varchar(5)); INSERT INTO $n VALUES (1, 'a'); CREATE VIEW $n_v WITH (security_barrier) AS SELECT *, CASE WHEN s IN ('a', 'b') THEN 1.5 ELSE -1 END AS q FROM $n WHERE a BETWEEN -5 AND 5 WITH LOCAL CHECK OPTION; CREATE MATERIALIZED VIEW $n_m AS SELECT count(*) AS c FROM $n_v; CREATE UNIQUE INDEX ON $n_m (c); CREATE MATERIALIZED VIEW $n_e AS SELECT 1 AS a WITH NO DATA; CREATE RULE r AS ON DELETE TO $n_v DO INSTEAD NOTHING;",
        "CREATE TABLE $n (a int, t timestamptz DEFAULT now() - interval '1 day'); CREATE FUNCTION $n_f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.a := coalesce(NEW.a, 0) + 1; RETURN NEW; END$$; CREATE TRIGGER t BEFORE INSERT OR UPDATE OF a ON $n FOR EACH ROW WHEN (NEW.a > 0) EXECUTE FUNCTION $n_f('arg'); INSERT INTO $n (a) VALUES (1); ALTER TABLE $n DISABLE TRIGGER t;",
        "CREATE TABLE $n (a int, b text, c int); CREATE INDEX ON $n (lower(b) text_pattern_ops DESC NULLS LAST) INCLUDE (c) WHERE a > 0; CREATE INDEX ON $n USING hash (a); CREATE STATISTICS $n_s (dependencies) ON a, c FROM $n; ALTER TABLE $n ALTER b SET STORAGE EXTERNAL, ALTER b SET STATISTICS 50, ALTER b SET COMPRESSION pglz, SET (fillfactor = 70); ALTER TABLE $n DROP COLUMN a; INSERT INTO $n VALUES ('x', 1); COMMENT ON COLUMN $n.b IS 'it''s; 🚀'; COMMENT ON TABLE $n IS E'two\nlines';",
        "CREATE SEQUENCE $n AS smallint INCREMENT -2 MINVALUE -90 MAXVALUE 50 START 44 CACHE 3 CYCLE; SELECT nextval('$n'), nextval('$n'); CREATE SEQUENCE $n_b OWNED BY NONE; GRANT USAGE ON SEQUENCE $n TO $r; CREATE UNLOGGED TABLE $n_u (a int); INSERT INTO $n_u VALUES (3);",
        "SELECT lo_from_bytea(0, decode(repeat('00ff', 3000), 'hex')); SELECT lo_put(lo_creat(-1), 5000, 'tail'); SELECT lo_creat(-1);",
        "CREATE COLLATION $n (provider = icu, locale = 'und-u-ks-level2', deterministic = false); CREATE TABLE $n_t (v text COLLATE $n UNIQUE); INSERT INTO $n_t VALUES ('a'), ('b');",
        "CREATE EXTENSION IF NOT EXISTS pg_trgm; CREATE EXTENSION IF NOT EXISTS hstore; CREATE TABLE $n (v text, h hstore); INSERT INTO $n VALUES ('x', 'a=>1'); CREATE INDEX ON $n USING gin (v gin_trgm_ops);",
        "CREATE TABLE $n (); INSERT INTO $n DEFAULT VALUES; INSERT INTO $n DEFAULT VALUES; CREATE TABLE $n_t (t text, $n_t text, \"\"\"t\"\"\" text); INSERT INTO $n_t VALUES ('a', 'b', 'c');",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO $r; CREATE TABLE $n (a int); ALTER TABLE $n OWNER TO $r; GRANT INSERT ON $n TO PUBLIC; REVOKE DELETE ON $n FROM $r; GRANT CREATE ON SCHEMA public TO PUBLIC;",
        "CREATE OPERATOR public.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq); CREATE TEXT SEARCH CONFIGURATION $n (COPY = simple);",
        "CREATE TABLE $n (id int PRIMARY KEY, p int) PARTITION BY RANGE (id); CREATE TABLE $n_1 PARTITION OF $n FOR VALUES FROM (MINVALUE) TO (10); CREATE TABLE $n_f (r int REFERENCES $n); INSERT INTO $n VALUES (-5, 1); INSERT INTO $n_f VALUES (-5); ALTER TABLE $n_f ADD CHECK (r > -9) NOT VALID; CLUSTER $n_1 USING $n_1_pkey;",
    ]

    /// Some of the features in some order, under names that differ each time.
    static func schema(_ number: Int, role: String) -> String {
        var random = Sequence(state: UInt64(number))
        let chosen = features.indices.filter { $0 % 5 == number % 5 || random.next() % 3 == 0 }.sorted {
            _, _ in
            random.next() % 2 == 0
        }
        return chosen.map { feature in
            let names = ["t\(feature)", "Ü\(feature)", "x y\(feature)", "select\(feature)"]
            let name = names[Int(random.next() % 4)]
            return fill(features[feature], name: name, role: role)
        }.joined(separator: "\n")
    }

    /// Names in the features are written with suffixes; quotes go round the whole.
    static func fill(_ feature: String, name: String, role: String) -> String {
        var filled = ""
        var rest = feature[...]
        while let dollar = rest.firstIndex(of: "$") {
            filled += rest[..<dollar]
            let word = rest[dollar...].dropFirst()
            if word.hasPrefix("r"), !word.dropFirst().hasPrefix("e") {
                filled += role
                rest = word.dropFirst()
            } else if word.hasPrefix("n") {
                let suffix = word.dropFirst().prefix { $0.isLetter && $0.isASCII || $0.isNumber || $0 == "_" }
                filled += "\"\(name)\(suffix)\""
                rest = word.dropFirst(1 + suffix.count)
            } else {
                filled += "$"
                rest = word
            }
        }
        return filled + rest
    }

    private struct Sequence {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
    }
}
