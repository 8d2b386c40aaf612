import DeployCore

extension PostgreSQLServer {
    private static let patience = Duration.seconds(10)

    /// The server's words for a role that is let in nowhere.
    private static let shut = ["authentication failed", "does not exist", "not permitted to log in"]

    /// As the application, in its own database; without one, it is only let in.
    func greeting(in database: String?) throws(DeployError) -> DatabaseGreeting {
        let (question, door) = (
            PostgreSQLQuestion("SELECT 1;", of: access, as: .application),
            try door(.application, isFront: true)
        )
        let wayBack = "deployctl rollback --environment \(access.layout.environment.name)"
        return DatabaseGreeting(
            question.request(through: door, in: database ?? Self.maintenance, Self.patience)
        ) { result in
            withExtendedLifetime(door) {
                do throws(DeployError) {
                    _ = try question.findings(in: result, database ?? Self.maintenance)
                    return nil
                } catch {
                    // Whether it may go to the server's own database does not matter to it.
                    guard
                        database != nil || DatabaseGreeting.isCrowd(error)
                            || Self.shut.contains(where: error.why.holds)
                    else { return nil }
                    let isGone = error.why.begins(with: "database ") && error.why.holds("does not exist")
                    return isGone ? error.recast(as: error.code, next: wayBack) : error
                }
            }
        }
    }
}
