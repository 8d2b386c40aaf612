import FoundationEssentials

/// Marks tags as this project's own: whoever may push can make a tag, and one without the mark proves nothing.
struct AuditSeal {
    let files: any FileStore
    let project: String

    private var keyed: KeyedDigest { KeyedDigest(files: files, path: Layout.auditKey(project)) }

    /// Makes the key where there is none, as there is from the first entry of the audit log on.
    func prepare() throws(DeployError) { try keyed.prepare() }

    var hasKey: Bool { ((try? keyed.key()) ?? nil) != nil }

    /// What stands behind the head in the message of the tag of this name.
    func mark(_ head: AuditHead, in name: String) throws(DeployError) -> String {
        try mark(Self.sealed(head, name))
    }

    /// Whether a mark is this project's; none is where the key is gone.
    func isOurs(_ mark: String, _ head: AuditHead, in name: String) -> Bool {
        isOurs(mark, Self.sealed(head, name))
    }

    /// What stands before a record of this digest that lies at a place below the tool's folder.
    func mark(ofRecord digest: String, at place: String) throws(DeployError) -> String {
        try mark("record \(digest) \(place)")
    }

    /// Whether a record's mark is this project's; none is where the key is gone.
    func isOurs(_ mark: String, ofRecord digest: String, at place: String) -> Bool {
        isOurs(mark, "record \(digest) \(place)")
    }

    private func mark(_ sealed: String) throws(DeployError) -> String {
        try prepare()
        guard let mark = try keyed.digest(of: sealed) else {
            throw DeployError(
                .stepFailed, what: "\(keyed.path) holds no key",
                why: "it has other than 64 hexadecimal digits",
                next: "move it away, and a new one is made")
        }
        return mark
    }

    private func isOurs(_ mark: String, _ sealed: String) -> Bool {
        guard let own = try? keyed.digest(of: sealed) else { return false }
        return mark == own
    }

    private static func sealed(_ head: AuditHead, _ name: String) -> String { "\(head.text) \(name)" }
}
