/// Counts objects by kind, and hashes all that defines them: columns, expressions, rights, comments.
///
/// Expressions count without casts and parentheses, of which a server writes more after each restore.
enum PostgreSQLSchemaScript {
    static let text = objects + facts + relations + routines + types + result

    private static let objects = #"""
        WITH member AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e'),
        every (classid, objid) AS (
            SELECT tableoid, oid FROM pg_class WHERE relkind NOT IN ('t', 'i', 'I')
            UNION ALL SELECT 'pg_class'::regclass, indexrelid FROM pg_index WHERE indisvalid
            UNION ALL SELECT tableoid, oid FROM pg_type WHERE typtype <> 'c' AND typelem = 0
            UNION ALL SELECT tableoid, oid FROM pg_constraint WHERE conparentid = 0 AND contype <> 't'
            UNION ALL SELECT tableoid, oid FROM pg_trigger
                WHERE NOT tgisinternal AND coalesce(to_jsonb(pg_trigger) ->> 'tgparentid', '0') = '0'
            UNION ALL SELECT tableoid, oid FROM pg_rewrite WHERE rulename <> '_RETURN'
            UNION ALL SELECT tableoid, oid FROM pg_proc UNION ALL SELECT tableoid, oid FROM pg_policy
            UNION ALL SELECT tableoid, oid FROM pg_namespace UNION ALL SELECT tableoid, oid FROM pg_extension
            UNION ALL SELECT tableoid, oid FROM pg_collation UNION ALL SELECT tableoid, oid FROM pg_conversion
            UNION ALL SELECT tableoid, oid FROM pg_operator UNION ALL SELECT tableoid, oid FROM pg_opclass
            UNION ALL SELECT tableoid, oid FROM pg_opfamily UNION ALL SELECT tableoid, oid FROM pg_cast
            UNION ALL SELECT tableoid, oid FROM pg_am UNION ALL SELECT tableoid, oid FROM pg_language
            UNION ALL SELECT tableoid, oid FROM pg_transform UNION ALL SELECT tableoid, oid FROM pg_ts_config
            UNION ALL SELECT tableoid, oid FROM pg_ts_dict UNION ALL SELECT tableoid, oid FROM pg_ts_parser
            UNION ALL SELECT tableoid, oid FROM pg_ts_template UNION ALL SELECT tableoid, oid FROM pg_statistic_ext
            UNION ALL SELECT tableoid, oid FROM pg_foreign_data_wrapper UNION ALL SELECT tableoid, oid FROM pg_foreign_server
            UNION ALL SELECT tableoid, oid FROM pg_event_trigger UNION ALL SELECT tableoid, oid FROM pg_publication),
        object AS (
            SELECT e.classid, e.objid, i.type, i.identity AS name
            FROM every e, pg_identify_object(e.classid, e.objid, 0) i
            WHERE e.objid >= 16384 AND (i.schema IS NULL OR i.schema !~ '^pg_(toast|temp)')
                AND (e.classid, e.objid) NOT IN (SELECT classid, objid FROM member)),
        owned (classid, objid, owner, acl, letter) AS (
            SELECT tableoid, oid, relowner, relacl, CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char" FROM pg_class
            UNION ALL SELECT tableoid, oid, proowner, proacl, 'f' FROM pg_proc
            UNION ALL SELECT tableoid, oid, nspowner, nspacl, 'n' FROM pg_namespace
            UNION ALL SELECT tableoid, oid, typowner, typacl, 'T' FROM pg_type
            UNION ALL SELECT tableoid, oid, fdwowner, fdwacl, 'F' FROM pg_foreign_data_wrapper
            UNION ALL SELECT tableoid, oid, srvowner, srvacl, 'S' FROM pg_foreign_server
            UNION ALL SELECT tableoid, oid, lanowner, lanacl, 'l' FROM pg_language),

        """#

    /// Who owns what, who may do what, what is remarked.
    private static let facts = #"""
        fact (name, exact, expression) AS (
            SELECT type || ' ' || name, NULL, NULL FROM object
            UNION ALL
            SELECT 'rights ' || o.type || ' ' || o.name, pg_get_userbyid(w.owner) || ': ' || coalesce((
                SELECT string_agg(r, ', ' ORDER BY r COLLATE "C") FROM (
                    SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END
                        || ' ' || privilege_type || CASE WHEN is_grantable THEN ' on' ELSE '' END
                    FROM aclexplode(coalesce(w.acl, acldefault(w.letter, w.owner)))) AS x (r)), ''), NULL
            FROM object o JOIN owned w USING (classid, objid)
            UNION ALL
            SELECT 'rights schema public', (
                SELECT string_agg(grantee::regrole || ' ' || privilege_type, ', ' ORDER BY grantee, privilege_type)
                FROM aclexplode(n.nspacl)), NULL
            FROM pg_namespace n LEFT JOIN pg_init_privs i ON i.objoid = n.oid AND i.classoid = n.tableoid
            WHERE nspname = 'public' AND n.nspacl::text[] IS DISTINCT FROM i.initprivs::text[]
            UNION ALL
            SELECT concat_ws(' ', 'default rights', pg_get_userbyid(d.defaclrole), d.defaclobjtype, n.nspname),
                (SELECT string_agg(r, ', ' ORDER BY r COLLATE "C") FROM (
                    SELECT grantee::regrole || ' ' || privilege_type || is_grantable FROM aclexplode(d.defaclacl)) AS x (r)), NULL
            FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
            UNION ALL
            SELECT concat_ws(' ', 'comment', o.type, o.name, (SELECT quote_ident(attname) FROM pg_attribute
                    WHERE attrelid = d.objoid AND attnum = d.objsubid AND d.objsubid > 0)), d.description, NULL
            FROM pg_description d JOIN object o ON (o.classid, o.objid) = (d.classoid, d.objoid)
            UNION ALL

        """#

    /// `pg_attver` is a number of the server's own that 15.20 gives each column; its pg_dump leaves it out as well.
    private static let relations = #"""
            SELECT 'relation ' || o.name, concat_ws(' ', c.relkind, c.relpersistence, a.amname, c.relrowsecurity,
                    c.relforcerowsecurity, c.relreplident, (SELECT array_agg(x ORDER BY x) FROM unnest(c.reloptions) x),
                    (SELECT string_agg(inhparent::regclass::text, ' ' ORDER BY inhseqno) FROM pg_inherits WHERE inhrelid = c.oid)),
                concat_ws(' ', pg_get_expr(c.relpartbound, c.oid), CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) END,
                    CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END)
            FROM object o JOIN pg_class c ON c.oid = o.objid AND o.classid = c.tableoid LEFT JOIN pg_am a ON a.oid = c.relam
            UNION ALL
            SELECT 'column ' || o.name || ' ' || quote_ident(t.attname), concat_ws(' ',
                    CASE WHEN NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = c.oid)
                        THEN row_number() OVER (PARTITION BY c.oid ORDER BY t.attnum) END,
                    format_type(t.atttypid, t.atttypmod), t.attnotnull, nullif(t.attcollation, 0)::regcollation, t.attidentity,
                    t.attgenerated, t.attstorage, nullif(to_jsonb(t) ->> 'attcompression', ''),
                    nullif(t.attstattarget, -1), (SELECT array_agg(x ORDER BY x) FROM unnest(t.attoptions) x WHERE x !~ '^pg_attver='),
                    (SELECT string_agg(grantee::regrole || ' ' || privilege_type, ', ' ORDER BY grantee::regrole::text, privilege_type)
                        FROM aclexplode(t.attacl))),
                pg_get_expr(d.adbin, d.adrelid)
            FROM object o JOIN pg_class c ON c.oid = o.objid AND o.classid = c.tableoid AND c.relkind <> 'S'
            JOIN pg_attribute t ON t.attrelid = c.oid AND t.attnum > 0 AND NOT t.attisdropped
            LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (t.attrelid, t.attnum)
            UNION ALL
            SELECT 'constraint ' || o.name, concat_ws(' ', c.contype, c.convalidated), pg_get_constraintdef(c.oid)
            FROM object o JOIN pg_constraint c ON c.oid = o.objid AND o.classid = c.tableoid
            UNION ALL
            SELECT 'index ' || o.name, concat_ws(' ', i.indisclustered, i.indisreplident), pg_get_indexdef(i.indexrelid)
            FROM object o JOIN pg_index i ON i.indexrelid = o.objid AND o.classid = 'pg_class'::regclass
            UNION ALL

        """#

    private static let routines = #"""
            SELECT 'routine ' || o.name, concat_ws(' ', p.prosrc, g.aggtransfn, g.aggfinalfn, g.agginitval),
                CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END
            FROM object o JOIN pg_proc p ON p.oid = o.objid AND o.classid = p.tableoid LEFT JOIN pg_aggregate g ON g.aggfnoid = p.oid
            UNION ALL
            SELECT 'trigger ' || o.name, t.tgenabled::text, pg_get_triggerdef(t.oid)
            FROM object o JOIN pg_trigger t ON t.oid = o.objid AND o.classid = t.tableoid
            UNION ALL
            SELECT 'event trigger ' || o.name, concat_ws(' ', t.evtevent, t.evtfoid::regprocedure, t.evtenabled, t.evttags), NULL
            FROM object o JOIN pg_event_trigger t ON t.oid = o.objid AND o.classid = t.tableoid
            UNION ALL
            SELECT 'rule ' || o.name, r.ev_enabled::text, pg_get_ruledef(r.oid)
            FROM object o JOIN pg_rewrite r ON r.oid = o.objid AND o.classid = r.tableoid
            UNION ALL
            SELECT 'policy ' || o.name, concat_ws(' ', p.polcmd, p.polpermissive,
                    (SELECT array_agg(r::regrole::text ORDER BY r::regrole::text) FROM unnest(p.polroles) r)),
                concat_ws(' check ', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
            FROM object o JOIN pg_policy p ON p.oid = o.objid AND o.classid = p.tableoid
            UNION ALL

        """#

    private static let types = #"""
            SELECT 'type ' || o.name, concat_ws(' ', t.typtype, t.typnotnull, nullif(t.typcollation, 0)::regcollation,
                    CASE t.typtype WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod) END,
                    (SELECT array_agg(enumlabel ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid),
                    (SELECT format_type(rngsubtype, NULL) FROM pg_range WHERE rngtypid = t.oid)), t.typdefault
            FROM object o JOIN pg_type t ON t.oid = o.objid AND o.classid = t.tableoid
            UNION ALL
            SELECT 'sequence ' || s.seqrelid::regclass, concat_ws(' ', format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement,
                s.seqmax, s.seqmin, s.seqcache, s.seqcycle), NULL
            FROM pg_sequence s JOIN object o ON s.seqrelid = o.objid AND o.classid = 'pg_class'::regclass
            UNION ALL
            SELECT 'collation ' || o.name, concat_ws(' ', c.collprovider, c.collisdeterministic, c.collcollate, c.collctype), NULL
            FROM object o JOIN pg_collation c ON c.oid = o.objid AND o.classid = c.tableoid
            UNION ALL
            SELECT 'statistics ' || o.name, NULL, pg_get_statisticsobjdef(s.oid)
            FROM object o JOIN pg_statistic_ext s ON s.oid = o.objid AND o.classid = s.tableoid
            UNION ALL
            SELECT 'publication ' || quote_ident(p.pubname) || ' ' || r.prrelid::regclass, NULL, NULL
            FROM pg_publication p JOIN pg_publication_rel r ON r.prpubid = p.oid)

        """#

    private static let result = #"""
        SELECT json_build_array('objects', type, count(*)::text) FROM object GROUP BY type
        UNION ALL
        SELECT json_build_array('schema', encode(sha256(textsend(coalesce(string_agg(line, E'\n' ORDER BY line COLLATE "C"), ''))), 'hex'))
        FROM (SELECT concat_ws(E'\x1f', name, exact, regexp_replace(regexp_replace(expression,
            '::("[^"]*"|\w+)(\.("[^"]*"|\w+))*( varying| precision| with(out)? time zone)?(\([0-9, ]*\))?( with(out)? time zone)?(\[\])*',
            '', 'g'), '[()\s]', '', 'g')) AS line FROM fact) AS lines;

        """#
}
