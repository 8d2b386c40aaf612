import DeployCore

extension PostgreSQLClient {
    /// The major version of one of PostgreSQL's programs.
    func version(of program: String) throws(DeployError) -> Int {
        let result = try run(program, ["--version"], deadline: .seconds(30))
        let words = result.output.split(whereSeparator: \.isWhitespace)
        guard result.succeeded, let number = words.first(where: { $0.first?.isNumber == true }),
            let major = Int(number.prefix { $0.isNumber })
        else {
            throw DeployError(
                .stepFailed, what: "\(program) does not say its version", why: result.complaint,
                next: "install PostgreSQL's client programs")
        }
        return major
    }

    /// The major version of the server.
    func serverVersion() throws(DeployError) -> Int {
        let findings = try answers(
            to: "SELECT json_build_array('server', current_setting('server_version_num'));")
        guard let number = findings.first?.last?.flatMap({ Int($0) }) else {
            throw DeployError(
                .stepFailed, what: "The server does not say its version", why: "the answer is empty",
                next: "check which psql is found first in PATH")
        }
        return number / 10_000
    }
}
