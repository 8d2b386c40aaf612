import FoundationEssentials

/// Who gets past the edge by name and password, as nginx reads it: never the passwords themselves.
struct FrontPassword {
    /// Lines USER:PASSWORD, or of an htpasswd file; empty ones and those that begin with # are passed over.
    let lines: String
    /// Differs from place to place, so that equal passwords do not look equal.
    let salt: String

    /// How htpasswd and its kin mark what they hashed.
    private static let marks = [
        "$apr1$", "$1$", "$2a$", "$2b$", "$2y$", "$5$", "$6$", "$y$", "{SSHA}", "{SHA}",
    ]

    /// - Throws: `.invalidDefinition`, naming the number of a wrong line and nothing of what is in it.
    func file() throws(DeployError) -> String {
        var entries: [String] = []
        for (number, whole) in lines.split(at: "\n", keepsEmpty: true).enumerated() {
            let line = whole.before("\r") ?? whole
            guard !line.trimmed.isEmpty, !line.begins(with: "#") else { continue }
            guard let (user, password) = line.cut(at: ":"), Self.isUser(user), !password.isEmpty,
                password.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
            else { throw wrong("line \(number + 1) is not USER:PASSWORD") }
            entries.append("\(user):\(hashed(String(password), number))\n")
        }
        guard !entries.isEmpty else { throw wrong("it has no line") }
        return entries.joined()
    }

    private static func isUser(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }

    private func hashed(_ password: String, _ number: Int) -> String {
        if Self.marks.contains(where: password.begins) { return password }
        let salt = Array(SHA256.hexadecimal(of: "\(salt) \(number)").utf8.prefix(16))
        let bytes = SHA1.digest(of: Array(password.utf8) + salt) + salt
        return "{SSHA}\(Data(bytes).base64EncodedString())"
    }

    private func wrong(_ why: String) -> DeployError {
        DeployError(
            .invalidDefinition, what: "The passwords of \"front.password\" cannot be read", why: why,
            next: "write lines such as anna:PASSWORD where \"front.password\" says, and run it again")
    }
}
