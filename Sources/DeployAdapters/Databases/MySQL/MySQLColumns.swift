import DeployCore

/// The columns of one database's tables.
struct MySQLColumns {
    let server: MySQLServer
    let database: String

    func list() throws(DeployError) -> [TableColumn] {
        try server.query(
            """
            SELECT table_name, column_name, CONCAT(column_type, IF(is_nullable = 'NO', ' NOT NULL', ''))
            FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
            WHERE table_schema = \(MySQLText.literal(database)) AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')
                AND table_name <> '\(MySQLSwap.marker)' ORDER BY table_name, ordinal_position;
            """
        ).filter { $0.count == 3 }.map { TableColumn(table: $0[0], name: $0[1], type: $0[2]) }
    }
}
