import DeployCore

/// What one request left in logs: the lines that hold its id as a word of its own.
struct RequestTrace {
    let id: String

    /// - Throws: `.usage` where no edge gives such an id.
    init(_ id: String) throws(DeployError) {
        guard !id.isEmpty, id.utf8.allSatisfy(Self.isOfIds) else {
            throw DeployError(
                .usage, what: "\(Shown.text(id)) is no id of a request",
                why: "ids have letters, digits, dots, dashes and underscores", next: "deployctl help logs")
        }
        self.id = id
    }

    func holds(_ line: String) -> Bool {
        var (rest, left): (Substring, UInt8?) = (line[...], nil)
        while let (before, after) = rest.cut(at: id) {
            let begins = (before.utf8.last ?? left).map(Self.isOfIds) != true
            if begins, Self.ends(after.utf8) { return true }
            (rest, left) = (after, id.utf8.last)
        }
        return false
    }

    /// A full stop behind it is a sentence's.
    private static func ends(_ after: Substring.UTF8View) -> Bool {
        guard let next = after.first, isOfIds(next) else { return true }
        return next == UInt8(ascii: ".") && after.dropFirst().first.map(isOfIds) != true
    }

    /// Where no log has a line of it.
    func notFound(in environment: String) -> DeployError {
        DeployError(
            .notFound, what: "No log of \(environment) knows a request \(id)",
            why: "it went to another environment, or its lines are no longer kept",
            next: "deployctl logs \(environment) --access")
    }

    private static func isOfIds(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }
}
