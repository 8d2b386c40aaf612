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
        var rest = line[...]
        while let (before, after) = rest.cut(at: id) {
            let isWord =
                before.utf8.last.map(Self.isOfIds) != true && after.utf8.first.map(Self.isOfIds) != true
            if isWord { return true }
            rest = after
        }
        return false
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
