import DeployCore

extension PostgreSQLServer {
    private static let patience = Duration.seconds(10)

    /// As the application, in its own database.
    func greeting(in database: String) throws(DeployError) -> DatabaseGreeting {
        let (question, door) = (
            PostgreSQLQuestion("SELECT 1;", of: access, as: .application),
            try door(.application, isFront: true)
        )
        let wayBack = "deployctl rollback --environment \(access.layout.environment.name)"
        return DatabaseGreeting(question.request(through: door, in: database, Self.patience)) { result in
            withExtendedLifetime(door) {
                do throws(DeployError) {
                    _ = try question.findings(in: result, database)
                    return nil
                } catch {
                    // Those that have them are the application itself, perhaps.
                    if error.why.holds("too many c") { return nil }
                    let isGone = error.why.begins(with: "database ") && error.why.holds("does not exist")
                    return isGone ? error.recast(as: error.code, next: wayBack) : error
                }
            }
        }
    }
}
