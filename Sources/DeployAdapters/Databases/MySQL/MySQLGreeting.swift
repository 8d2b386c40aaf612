import DeployCore
import FoundationEssentials

extension MySQLServer {
    private static let patience = Duration.seconds(10)

    /// As the application, in its own database; without one, it is only let in.
    func greeting(in database: String?) throws(DeployError) -> DatabaseGreeting {
        var request = try client(in: database, as: .application)
        request.input = Data("SELECT 1;\n".utf8)
        request.deadline = Self.patience
        let wayBack = "deployctl rollback --environment \(access.layout.environment.name)"
        return DatabaseGreeting(request) { [self] result in
            guard !result.succeeded else { return nil }
            let error = refusal(result)
            return error.why.holds("Unknown database") ? error.recast(as: error.code, next: wayBack) : error
        }
    }
}
