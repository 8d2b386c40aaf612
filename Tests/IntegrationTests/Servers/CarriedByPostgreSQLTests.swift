import DeployTestSupport
import XCTest

/// What PostgreSQL can hold is in a backup, or the backup is refused by name.
final class CarriedByPostgreSQLTests: XCTestCase {
    func testARollbackOfPostgreSQLBringsEveryKindBack() throws {
        let place = try CarriedShop(.postgresql, for: self)
        try place.expectCarried(Self.kinds(of: place.live))
    }

    func testWhatOnlyASuperuserMayRestoreIsRefusedByName() throws {
        let place = try CarriedShop(.postgresql, for: self)
        try place.expectRefused(
            .init(
                "a table of another owner", "CREATE TABLE theirs (n int);",
                shows: "SELECT relowner::regrole FROM pg_class WHERE relname = 'theirs';"),
            saying: [
                "table public.theirs belongs to ", "ALTER TABLE public.theirs OWNER TO \(place.live)",
            ],
            undoneBy: "ALTER TABLE public.theirs OWNER TO \(place.live);")
        try place.expectRefused(
            .init(
                "an event trigger",
                """
                CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
                ALTER FUNCTION watch() OWNER TO \(place.live);
                CREATE EVENT TRIGGER guard ON ddl_command_end EXECUTE FUNCTION watch();
                """, shows: "SELECT evtname FROM pg_event_trigger;"),
            saying: ["event trigger guard", "DROP EVENT TRIGGER guard"], undoneBy: "DROP EVENT TRIGGER guard;"
        )
        try place.expectRefused(
            .init(
                "a subscription",
                """
                CREATE PUBLICATION all_items FOR TABLE item; ALTER PUBLICATION all_items OWNER TO \(place.live);
                CREATE SUBSCRIPTION feed CONNECTION 'host=127.0.0.1 port=1 dbname=none' PUBLICATION p
                    WITH (connect = false, slot_name = NONE);
                """, shows: "SELECT subname FROM pg_subscription WHERE subname = 'feed';"),
            saying: ["subscription feed", "DROP SUBSCRIPTION feed"], undoneBy: "DROP SUBSCRIPTION feed;")
    }

    func testATableThatWasMadeAPartOfAnExtensionIsRefusedByName() throws {
        let place = try CarriedShop(.postgresql, for: self)
        try place.expectRefused(
            .init(
                "a table of an extension",
                """
                SET ROLE \(place.live); CREATE EXTENSION hstore;
                CREATE TABLE precious (n int); INSERT INTO precious VALUES (1);
                ALTER EXTENSION hstore ADD TABLE precious;
                """, shows: "SELECT count(*) FROM precious;"),
            saying: [
                "table public.precious", "extension hstore",
                "ALTER EXTENSION hstore DROP TABLE public.precious",
            ],
            undoneBy: "ALTER EXTENSION hstore DROP TABLE public.precious;")
    }

    /// What `SET ROLE` makes belongs to the application's user, who has the database's name.
    private static func kinds(of user: String) -> [CarriedShop.Kind] {
        func own(_ name: String, _ made: String, shows question: String) -> CarriedShop.Kind {
            .init(name, "SET ROLE \(user);\n\(made)", shows: question)
        }
        return [
            .init(
                "extensions that are not trusted",
                """
                CREATE SCHEMA ext AUTHORIZATION \(user); CREATE EXTENSION pg_stat_statements VERSION '1.9';
                CREATE EXTENSION bloom WITH SCHEMA ext; CREATE EXTENSION earthdistance WITH SCHEMA ext CASCADE;
                """,
                shows: """
                    SELECT extname, extversion, extnamespace::regnamespace FROM pg_extension ORDER BY 1;
                    SELECT nspowner::regrole FROM pg_namespace WHERE nspname = 'ext';
                    """),
            own(
                "what stands on an extension",
                """
                CREATE TABLE spot (n int, p ext.cube); INSERT INTO spot VALUES (1, '(1,2)');
                CREATE INDEX spot_n ON spot USING bloom (n ext.int4_ops);
                """,
                shows:
                    "SELECT n, p::text FROM spot; SELECT indexdef FROM pg_indexes WHERE tablename = 'spot';"),
            own(
                "a trusted extension",
                "CREATE EXTENSION hstore; CREATE TABLE pair (h hstore); INSERT INTO pair VALUES ('a=>1');",
                shows:
                    "SELECT h -> 'a' FROM pair; SELECT extowner::regrole FROM pg_extension WHERE extname = 'hstore';"
            ),
            own(
                "a large object",
                "SELECT lo_from_bytea(4711, 'large'); COMMENT ON LARGE OBJECT 4711 IS 'remark';",
                shows:
                    "SELECT oid, lomowner::regrole, lo_get(oid), obj_description(oid, 'pg_largeobject') FROM pg_largeobject_metadata;"
            ),
            own(
                "a sequence", "CREATE SEQUENCE number START 7 INCREMENT 3; SELECT nextval('number');",
                shows: "SELECT last_value, is_called FROM number;"),
            own(
                "generated and identity columns",
                """
                CREATE TABLE made (id int GENERATED ALWAYS AS IDENTITY, a int, twice int GENERATED ALWAYS AS (a * 2) STORED);
                INSERT INTO made (a) VALUES (1), (2);
                """,
                shows:
                    "SELECT * FROM made ORDER BY id; SELECT attname, attidentity, attgenerated FROM pg_attribute WHERE attrelid = 'made'::regclass AND attnum > 0;"
            ),
            own(
                "partitions and heirs",
                """
                CREATE TABLE day (n int) PARTITION BY RANGE (n); CREATE TABLE low PARTITION OF day FOR VALUES FROM (0) TO (10);
                CREATE TABLE rest PARTITION OF day DEFAULT; INSERT INTO day VALUES (1), (20);
                CREATE TABLE old (n int); CREATE TABLE young (m int) INHERITS (old); INSERT INTO young VALUES (1, 2);
                """,
                shows:
                    "SELECT tableoid::regclass, n FROM day ORDER BY n; SELECT n, m FROM young; SELECT count(*) FROM old;"
            ),
            own(
                "policies",
                """
                CREATE TABLE secret (n int); INSERT INTO secret VALUES (1); ALTER TABLE secret ENABLE ROW LEVEL SECURITY;
                CREATE POLICY none ON secret FOR SELECT USING (n < 0);
                """, shows: "SELECT policyname, cmd, qual FROM pg_policies; SELECT count(*) FROM secret;"),
            own(
                "statistics",
                "CREATE STATISTICS pairs (ndistinct) ON id, text FROM item; ALTER TABLE item ALTER text SET STATISTICS 77;",
                shows:
                    "SELECT stxname, stxowner::regrole FROM pg_statistic_ext; SELECT attstattarget FROM pg_attribute WHERE attrelid = 'item'::regclass AND attname = 'text';"
            ),
            own(
                "a publication",
                "CREATE PUBLICATION news FOR TABLE item (id) WHERE (id > 3) WITH (publish = 'insert');",
                shows:
                    "SELECT pubname, pubowner::regrole, pubinsert, pubdelete, attnames, rowfilter FROM pg_publication JOIN pg_publication_tables USING (pubname);"
            ),
            own(
                "an unlogged table", "CREATE UNLOGGED TABLE fast (n int); INSERT INTO fast VALUES (3);",
                shows: "SELECT n, relpersistence FROM fast, pg_class WHERE relname = 'fast';"),
            own(
                "materialised views",
                "CREATE MATERIALIZED VIEW full_one AS SELECT 1 AS n; CREATE MATERIALIZED VIEW empty_one AS SELECT 1 AS n WITH NO DATA;",
                shows: "SELECT matviewname, ispopulated FROM pg_matviews ORDER BY 1; SELECT n FROM full_one;"),
            own(
                "collations, domains, types, ranges and rules",
                """
                CREATE COLLATION numeric_one (provider = icu, locale = 'en-u-kn', deterministic = false);
                CREATE DOMAIN positive AS int CHECK (VALUE > 0); CREATE TYPE mood AS ENUM ('bad', 'good'); CREATE TYPE span AS RANGE (subtype = int);
                CREATE TABLE typed (p positive, m mood, s span, t text COLLATE numeric_one); INSERT INTO typed VALUES (1, 'good', '[1,3)', 'x');
                CREATE RULE quiet AS ON DELETE TO typed DO INSTEAD NOTHING; ALTER TYPE mood RENAME VALUE 'bad' TO 'sad';
                """,
                shows:
                    "SELECT * FROM typed; SELECT definition FROM pg_rules WHERE rulename = 'quiet'; SELECT enumlabel FROM pg_enum ORDER BY 1;"
            ),
            own(
                "remarks and rights",
                """
                COMMENT ON TABLE item IS 'remark'; COMMENT ON COLUMN item.text IS 'column'; GRANT SELECT (text) ON item TO PUBLIC;
                ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO PUBLIC;
                """,
                shows: """
                    SELECT obj_description('item'::regclass), col_description('item'::regclass, 2);
                    SELECT attacl FROM pg_attribute WHERE attrelid = 'item'::regclass AND attname = 'text'; SELECT defaclacl FROM pg_default_acl;
                    """),
            own(
                "functions, procedures, aggregates and triggers",
                """
                CREATE FUNCTION one() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'; CREATE PROCEDURE two() LANGUAGE plpgsql AS 'BEGIN END';
                CREATE AGGREGATE third(int) (sfunc = int4pl, stype = int, initcond = '5');
                CREATE FUNCTION fourth() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
                CREATE TRIGGER fifth BEFORE UPDATE ON item FOR EACH ROW EXECUTE FUNCTION fourth(); ALTER TABLE item DISABLE TRIGGER fifth;
                """,
                shows: """
                    SELECT proname, prosrc, proowner::regrole FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proowner = '\(user)'::regrole ORDER BY 1;
                    SELECT tgname, tgenabled FROM pg_trigger WHERE tgname = 'fifth'; SELECT agginitval FROM pg_aggregate WHERE aggfnoid = 'third(int)'::regprocedure;
                    """),
            own(
                "text search",
                "CREATE TEXT SEARCH DICTIONARY plain (template = simple); CREATE TEXT SEARCH CONFIGURATION mine (copy = simple);",
                shows:
                    "SELECT dictname FROM pg_ts_dict WHERE dictname = 'plain'; SELECT cfgname FROM pg_ts_config WHERE cfgname = 'mine';"
            ),
        ]
    }
}
