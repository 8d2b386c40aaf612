import DeployCore

/// What the server says of each table that holds rows.
struct MySQLTableDefinitions {
    let server: MySQLServer
    let database: String

    func list() throws(DeployError) -> [(table: String, text: String)] {
        let tables = try server.structure(of: database).tables.filter(\.holdsRows)
        guard !tables.isEmpty else { return [] }
        let name = MySQLText.identifier(database)
        let questions = tables.map { "SHOW CREATE TABLE \(name).\(MySQLText.identifier($0.name));" }
        return try server.query(questions.joined(separator: "\n")).filter { $0.count == 2 }.map {
            ($0[0], $0[1])
        }
    }
}
