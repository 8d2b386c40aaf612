import DeployCore

/// What stands in a database and could not be made again, because restores run as the application's user.
struct PostgreSQLBelongings {
    let server: PostgreSQLServer
    let database: String

    /// - Throws: `.backupFailed` with the first such thing, and the line that mends it.
    func demandCarried() throws(DeployError) {
        guard let user = server.owner else { return }
        let found = try server.answers(
            to: PostgreSQLSummaryScript.begin + Self.question(about: user), in: database)
        guard let first = found.first?.compactMap(\.self), first.count == 4 else { return }
        let more = found.count > 1 ? "; so it is with \(found.count - 1) more" : ""
        throw DeployError(
            .backupFailed, what: "A backup of \(database) could not be restored",
            why: "\(first[1]) \(first[2])\(more)", next: "as a superuser in \(database): \(first[3])")
    }

    /// Members of extensions come with their extension, what a type or a column needs with it.
    ///
    /// What an extension brings is a superuser's; what is not was added to it by hand, and is in no dump.
    private static func question(about user: String) -> String {
        let name = PostgreSQLText.literal(user)
        return #"""
            WITH owned (classid, objid, owner) AS (
                SELECT tableoid, oid, relowner FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f')
                    OR relkind = 'S' AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                        AND d.objid = pg_class.oid AND d.deptype IN ('a', 'i'))
                UNION ALL SELECT t.tableoid, t.oid, typowner FROM pg_type t LEFT JOIN pg_class c ON c.oid = typrelid
                    WHERE typelem = 0 AND typtype <> 'm' AND (typrelid = 0 OR relkind = 'c')
                UNION ALL SELECT tableoid, oid, proowner FROM pg_proc
                UNION ALL SELECT tableoid, oid, nspowner FROM pg_namespace
                UNION ALL SELECT tableoid, oid, lanowner FROM pg_language
                UNION ALL SELECT tableoid, oid, collowner FROM pg_collation
                UNION ALL SELECT tableoid, oid, oprowner FROM pg_operator
                UNION ALL SELECT tableoid, oid, opcowner FROM pg_opclass
                UNION ALL SELECT tableoid, oid, dictowner FROM pg_ts_dict
                UNION ALL SELECT tableoid, oid, cfgowner FROM pg_ts_config
                UNION ALL SELECT tableoid, oid, stxowner FROM pg_statistic_ext
                UNION ALL SELECT tableoid, oid, fdwowner FROM pg_foreign_data_wrapper
                UNION ALL SELECT tableoid, oid, srvowner FROM pg_foreign_server
                UNION ALL SELECT tableoid, oid, evtowner FROM pg_event_trigger
                UNION ALL SELECT tableoid, oid, pubowner FROM pg_publication
                UNION ALL SELECT 'pg_largeobject'::regclass, oid, lomowner FROM pg_largeobject_metadata),
            stranger AS (
                SELECT i.type, i.identity, pg_get_userbyid(o.owner) AS owner, o.classid
                FROM owned o, pg_identify_object(o.classid, o.objid, 0) i
                WHERE o.objid >= 16384 AND (i.schema IS NULL OR i.schema !~ '^pg_(toast|temp)')
                    AND NOT EXISTS (SELECT FROM pg_depend d
                        WHERE (d.classid, d.objid) = (o.classid, o.objid) AND d.deptype IN ('e', 'i'))
                    AND NOT pg_has_role((SELECT oid FROM pg_roles WHERE rolname = \#(name)), o.owner, 'MEMBER'))
            SELECT json_build_array('belonging', type || ' ' || identity,
                format('belongs to %s, and restores run as %s', owner, \#(name)),
                CASE WHEN type IN ('event trigger', 'foreign-data wrapper')
                    THEN format('DROP %s %s', upper(replace(type, '-', ' ')), identity)
                    ELSE format('ALTER %s %s OWNER TO %I', upper(CASE type WHEN 'composite type' THEN 'type'
                        WHEN 'statistics object' THEN 'statistics' ELSE type END), identity, \#(name)) END)
            FROM (SELECT * FROM stranger ORDER BY classid = 'pg_class'::regclass DESC, type, identity COLLATE "C") s
            UNION ALL
            SELECT json_build_array('belonging', i.type || ' ' || i.identity,
                format('was made a part of the extension %s, so that no dump has it', e.extname),
                format('ALTER EXTENSION %I DROP %s %s', e.extname, upper(i.type), i.identity))
            FROM owned o JOIN pg_depend d ON (d.classid, d.objid) = (o.classid, o.objid) AND d.deptype = 'e'
            JOIN pg_extension e ON e.oid = d.refobjid AND d.refclassid = 'pg_extension'::regclass,
                pg_identify_object(o.classid, o.objid, 0) i
            WHERE NOT (SELECT rolsuper FROM pg_roles WHERE oid = o.owner)
                AND coalesce((SELECT superuser FROM pg_available_extension_versions
                    WHERE name = e.extname AND version = e.extversion), true)
            UNION ALL
            SELECT json_build_array('belonging', 'subscription ' || quote_ident(subname),
                'fills it from another server, which a restored copy must not do',
                format('DROP SUBSCRIPTION %I', subname))
            FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database());

            """#
    }
}
