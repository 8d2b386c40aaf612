/// What belongs to a database's name rather than to its content: owner, who may connect, settings, remark.
enum PostgreSQLRights {
    /// Gives one database the owner, rights and settings of another.
    static func adopt(from source: String, to copy: String) -> String {
        PostgreSQLQuestion.block(
            """
            DECLARE
                source oid := (SELECT oid FROM pg_database WHERE datname = \(PostgreSQLText.literal(source)));
                copy text := quote_ident(\(PostgreSQLText.literal(copy)));
                statement text;
            BEGIN
                FOR statement IN
                    \(owner)
                LOOP
                    EXECUTE replace(statement, '$copy$', copy);
                END LOOP;
                FOR statement IN
                    \(rights(copy))
                LOOP
                    EXECUTE replace(statement, '$copy$', copy);
                END LOOP;
                FOR statement IN
                    \(settings)
                LOOP
                    EXECUTE replace(statement, '$copy$', copy);
                END LOOP;
            END
            """)
    }

    private static let owner = """
        SELECT format('ALTER DATABASE $copy$ OWNER TO %I', pg_get_userbyid(datdba)) FROM pg_database
            WHERE oid = source
        UNION ALL
        SELECT format('ALTER DATABASE $copy$ CONNECTION LIMIT %s', datconnlimit) FROM pg_database WHERE oid = source
        UNION ALL
        SELECT format('COMMENT ON DATABASE $copy$ IS %L', description) FROM pg_shdescription
            WHERE objoid = source AND classoid = 'pg_database'::regclass
        """

    /// First nobody may do anything, then those who could.
    private static func rights(_ copy: String) -> String {
        """
        SELECT DISTINCT 'REVOKE ALL ON DATABASE $copy$ FROM ' || grantee FROM (
                SELECT CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END
                FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) g
                WHERE d.datname = \(PostgreSQLText.literal(copy))) AS old (grantee)
        UNION ALL
        SELECT format('GRANT %s ON DATABASE $copy$ TO %s%s', g.privilege_type,
                CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END,
                CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
            FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) g
            WHERE d.oid = source
        """
    }

    /// A list of names is stored as it was written, by whoever may set it; so each name of it is quoted anew.
    private static let settings = #"""
        SELECT 'ALTER DATABASE $copy$ RESET ALL'
        UNION ALL
        SELECT format('ALTER %s SET %I TO %s',
                CASE s.setrole WHEN 0 THEN 'DATABASE $copy$'
                    ELSE format('ROLE %I IN DATABASE $copy$', pg_get_userbyid(s.setrole)) END,
                split_part(entry, '=', 1), CASE
                    WHEN value = '' THEN ''''''
                    WHEN split_part(entry, '=', 1) IN ('search_path', 'temp_tablespaces', 'local_preload_libraries',
                        'session_preload_libraries', 'shared_preload_libraries', 'unix_socket_directories')
                        THEN (SELECT string_agg(quote_literal(
                                CASE WHEN m[1] IS NULL THEN lower(m[2]) ELSE replace(m[1], '""', '"') END), ', ')
                            FROM regexp_matches(value, '"((?:[^"]|"")*)"|([^",\s][^,\s]*)', 'g') AS m)
                    ELSE quote_literal(value) END)
            FROM pg_db_role_setting s, unnest(s.setconfig) AS entry,
                substr(entry, strpos(entry, '=') + 1) AS value
            WHERE s.setdatabase = source
        """#
}
