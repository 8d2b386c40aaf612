import DeployCore

/// Rows that a copy of a copy need not have.
struct PostgreSQLUntouchedRows {
    let server: PostgreSQLServer
    let database: String

    /// Empties these tables, named as in a summary, where nothing that a restore computes or checks looks at their rows.
    ///
    /// - Throws: what the server says; then all rows are there.
    func remove(from tables: [String]) throws(DeployError) {
        guard !tables.isEmpty else { return }
        try server.answers(to: script(tables), in: database, deadline: .seconds(600))
    }

    /// Nothing goes in another database than this one, to which somebody between may have led.
    ///
    /// Rows stay that a table which keeps its own points at, and all of them where a function of somebody's, called by a
    /// constraint, an index or a computed column, or a materialized view might look at any.
    private func script(_ tables: [String]) -> String {
        let names = tables.map(PostgreSQLText.literal).joined(separator: ", ")
        return #"""
            SET search_path = pg_catalog, pg_temp;
            SET lock_timeout = '30s';
            WITH RECURSIVE relation AS (
                SELECT c.oid, n.nspname, c.relname, c.relkind = 'r'
                    AND CASE WHEN n.nspname = 'public' AND quote_ident(c.relname) = c.relname THEN c.relname
                        ELSE format('%I.%I', n.nspname, c.relname) END = ANY (ARRAY[\#(names)]::text[])
                    AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgtype & 32 <> 0)
                    AND NOT EXISTS (SELECT FROM pg_depend d
                        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e') AS untouched
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'p') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_(catalog$|toast|temp)'
            ), kept AS (
                SELECT oid FROM relation WHERE NOT untouched
                UNION SELECT f.confrelid FROM kept JOIN pg_constraint f ON f.contype = 'f' AND f.conrelid = kept.oid
            )
            SELECT format('TRUNCATE %s;', string_agg(format('ONLY %I.%I', nspname, relname), ', '))
            FROM relation
            WHERE untouched AND oid NOT IN (SELECT oid FROM kept)
                AND current_database() = \#(PostgreSQLText.literal(database))
                AND NOT EXISTS (SELECT FROM pg_class WHERE relkind = 'm')
                AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.refclassid = 'pg_proc'::regclass AND d.refobjid >= 16384
                    AND (d.classid IN ('pg_constraint'::regclass, 'pg_class'::regclass)
                        OR d.classid = 'pg_attrdef'::regclass AND EXISTS (
                            SELECT FROM pg_attrdef e JOIN pg_attribute a ON a.attrelid = e.adrelid AND a.attnum = e.adnum
                            WHERE e.oid = d.objid AND coalesce(to_jsonb(a) ->> 'attgenerated', '') <> '')))
            HAVING count(*) > 0 \gexec

            """#
    }
}
