import DeployCore

/// The columns of one database's tables, which are named as those of a summary are.
struct PostgreSQLColumns {
    let server: PostgreSQLServer
    let database: String

    func list() throws(DeployError) -> [TableColumn] {
        try server.answers(to: PostgreSQLSummaryScript.begin + Self.question, in: database).compactMap {
            let words = $0.compactMap(\.self)
            return words.count == 4 && words[0] == "column"
                ? TableColumn(table: words[1], name: words[2], type: words[3]) : nil
        }
    }

    private static let question = #"""
        SELECT json_build_array('column',
            CASE WHEN n.nspname = 'public' AND quote_ident(c.relname) = c.relname THEN c.relname
                ELSE format('%I.%I', n.nspname, c.relname) END,
            a.attname, format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relkind IN ('r', 'p') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_(catalog$|toast|temp)'
        ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", a.attnum;

        """#
}
