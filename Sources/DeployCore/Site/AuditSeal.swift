import FoundationEssentials

/// Marks tags as this project's own: whoever may push can make a tag, and one without the mark proves nothing.
struct AuditSeal {
    let files: any FileStore
    let project: String

    private var path: String { "\(Layout.tool(project))/audit.key" }

    /// Makes the key where there is none, as there is from the first entry of the audit log on.
    func prepare() throws(DeployError) {
        guard try key() == nil else { return }
        let new = (0..<4).map { _ in RandomWord.make("") }.joined()
        try files.publish(Data(new.utf8), to: path)
    }

    var hasKey: Bool { ((try? key()) ?? nil) != nil }

    /// What stands behind the head in the message of the tag of this name.
    func mark(_ head: AuditHead, in name: String) throws(DeployError) -> String {
        try prepare()
        guard let key = try key() else {
            throw DeployError(
                .stepFailed, what: "\(path) holds no key", why: "it has other than 64 hexadecimal digits",
                next: "move it away, and a new one is made")
        }
        return Self.mark(head, name, key)
    }

    /// Whether a mark is this project's; none is where the key is gone.
    func isOurs(_ mark: String, _ head: AuditHead, in name: String) -> Bool {
        guard let key = try? key() else { return false }
        return mark == Self.mark(head, name, key)
    }

    private func key() throws(DeployError) -> String? {
        let text = try files.read(path, from: 0, limit: 65).map { String(decoding: $0, as: UTF8.self) }
        return text.flatMap { $0.utf8.count == 64 && $0.holdsOnly("0123456789abcdef") ? $0 : nil }
    }

    /// HMAC with SHA-256; the key is as long as a block.
    private static func mark(_ head: AuditHead, _ name: String, _ key: String) -> String {
        func hash(_ pad: UInt8, _ text: String) -> String {
            var hash = SHA256()
            Array(key.utf8.map { $0 ^ pad }).withUnsafeBytes { hash.update($0) }
            hash.update(text)
            return hash.hexadecimal()
        }
        return hash(0x5c, hash(0x36, "\(head.text) \(name)"))
    }
}
