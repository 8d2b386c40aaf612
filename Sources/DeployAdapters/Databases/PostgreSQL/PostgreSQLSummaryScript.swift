/// What the client is told to ask in order to summarise a database: a line of JSON for each finding.
///
/// Nothing is written, so it runs in the snapshot of a backup as well.
enum PostgreSQLSummaryScript {
    /// One transaction that sees one state.
    ///
    /// No view and no foreign table is read: one may take the place of a table at any time, and runs what it likes.
    static let begin = """
        SET search_path = pg_catalog, pg_temp;
        DO $deployctl$ BEGIN
            PERFORM set_config(name, 'view, foreign-table', false) FROM pg_settings
                WHERE name = 'restrict_nonsystem_relation_kind';
        END $deployctl$;
        SET row_security = off;
        SET DateStyle = 'ISO, YMD';
        SET IntervalStyle = 'postgres';
        SET TimeZone = 'UTC';
        SET extra_float_digits = 3;
        SET bytea_output = 'hex';
        SET xmlbinary = 'base64';
        SET lc_monetary = 'C';
        BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;

        """

    static let all = [server, PostgreSQLSchemaScript.text, tables, largeObjects, sequences, migrations]
        .joined(separator: "\n")

    static let server = """
        SELECT json_build_array('server', current_setting('server_version'));
        """

    /// A table's digest is the sum over its rows of a hash of each, so that the order does not count;
    /// columns are taken by name, because a restored child table may have them in another order.
    private static let tables = #"""
        SELECT format(
            'SELECT json_build_array(''table'', %L, count(*)::text, coalesce(sum(hashtextextended(ROW(%s)::text, 0)), 0)::text) FROM ONLY %I.%I AS t;',
            CASE WHEN n.nspname = 'public' AND quote_ident(c.relname) = c.relname THEN c.relname
                ELSE format('%I.%I', n.nspname, c.relname) END,
            (SELECT string_agg(format('t.%I', attname), ', ' ORDER BY attname COLLATE "C") FROM pg_attribute
                WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped),
            n.nspname, c.relname)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_(catalog$|toast|temp)'
            AND NOT EXISTS (SELECT FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid AND d.deptype = 'e'
                WHERE d.classid = c.tableoid AND d.objid = c.oid AND NOT coalesce(c.oid = ANY (e.extconfig), false))
        ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C" \gexec
        """#

    /// Tables that a snapshot no longer sees as they were: one that was rewritten, truncated or made anew since is
    /// empty to it.
    ///
    /// True to the end when the session has read every table before: it locks them for as long as it lasts.
    static let rewritten = """
        SELECT json_build_array('rewritten', format('%I.%I', n.nspname, c.relname))
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_(catalog$|toast|temp)'
            AND pg_relation_filenode(c.oid) IS DISTINCT FROM c.relfilenode
        ORDER BY n.nspname, c.relname;
        """

    /// In pieces, because an object may be larger than a value; holes read as zeros, as in a dump.
    private static let largeObjects = """
        SELECT json_build_array('table', 'pg_largeobject', count(DISTINCT m.oid)::text,
            sum(hashtextextended(concat_ws(' ', m.oid, part,
                encode(sha256(lo_get(m.oid, part * 1048576, 1048576)), 'hex')), 0))::text)
        FROM pg_largeobject_metadata m,
            generate_series(0, lo_lseek64(lo_open(m.oid, 262144), 0, 2) / 1048576) AS part
        HAVING count(*) > 0;
        """

    /// Sequences do not obey snapshots: who needs their values twice asks twice.
    static let sequences = #"""
        SELECT format('SELECT json_build_array(''sequence'', %L, last_value::text, is_called::text, %L, %L) FROM %I.%I;',
            format('%I.%I', n.nspname, c.relname), n.nspname, c.relname, n.nspname, c.relname)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'S' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_(catalog$|toast|temp)'
            AND NOT EXISTS (SELECT FROM pg_depend d
                WHERE d.classid = c.tableoid AND d.objid = c.oid AND d.deptype = 'e')
        ORDER BY 1 \gexec
        """#

    static let migrations = #"""
        SELECT format('SELECT json_build_array(''migration'', name, sha256, running::text) FROM %s ORDER BY name COLLATE "C";',
            c.oid::regclass)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relname = 'deployctl_migration' AND c.relkind = 'r' AND n.nspname !~ '^pg_temp'
        ORDER BY n.nspname COLLATE "C" LIMIT 1 \gexec
        """#
}
