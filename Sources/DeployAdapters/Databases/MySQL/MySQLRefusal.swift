import DeployCore
import FoundationEssentials

extension MySQLServer {
    /// The servers' words for who is not let in.
    static let denials = ["Access denied"]

    /// A client's failure with what to do about it.
    func refusal(_ result: CommandResult, code: ExitCode = .stepFailed) -> DeployError {
        let (complaint, said) = (result.complaint, ServerWords(result.complaint))
        var (why, next) = (
            said.number == nil ? complaint : said.words, access.advice(for: complaint) ?? "deployctl doctor"
        )
        if said.number == 1045, offersNoEncryption() {
            why +=
                "; the server offers no encryption: where it demands it, it refuses the right password with these words too"
            next +=
                "; where the password is right: \(MySQLAdvice.unencrypted), or for one account ALTER USER … REQUIRE NONE"
        }
        return DeployError(code, what: "The database server refuses", why: why, next: next)
    }

    /// Whether the server says, before it asks who comes, that nothing between them can be encrypted.
    private func offersNoEncryption() -> Bool {
        // Each product's client knows one of the two.
        let demands = ["--loose-ssl-mode=REQUIRED", "--loose-ssl-verify-server-cert"]
        guard var request = try? client(in: nil, as: .admin, demands) else { return false }
        request.input = Data("SELECT 1;\n".utf8)
        request.deadline = .seconds(10)
        let result = access.commands.run(request)
        return !result.succeeded && result.complaint.holds("SSL is required")
    }
}
