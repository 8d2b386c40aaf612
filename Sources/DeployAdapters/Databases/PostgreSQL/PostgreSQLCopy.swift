import DeployCore

/// Makes a second database of one that nothing writes to: the server copies files, which nobody may be connected to.
struct PostgreSQLCopy {
    let server: PostgreSQLServer
    let source: String

    func run(to copy: String) throws(DeployError) {
        let names = [copy, source].map(PostgreSQLText.identifier)
        try PostgreSQLEviction(server: server).clearing(
            [source], until: PostgreSQLDatabases.exists(copy), deadline: PostgreSQLServer.long
        ) { mark in
            """
            \(mark)
            CREATE DATABASE \(names[0]) TEMPLATE \(names[1])\(server.ownership);
            \(PostgreSQLRights.adopt(from: source, to: copy))
            """
        }
    }
}
