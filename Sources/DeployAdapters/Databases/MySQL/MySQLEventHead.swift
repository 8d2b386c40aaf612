import DeployCore

/// The beginning of an event's definition, up to its state; what follows may hold anything.
struct MySQLEventHead {
    private static let states = ["ENABLE", "DISABLE ON SLAVE", "DISABLE ON REPLICA", "DISABLE"]
    /// Longer than every head: two names of an account, one of an event and a schedule.
    static let limit = 4096

    /// Where the state stands.
    private(set) var range: Range<Int>
    private(set) var state: String
    /// Whether the schedule names an instant after which the server makes no such event.
    private(set) var ends: Bool

    /// nil where no definition begins at `start`, as `SHOW CREATE EVENT` has it or a dump.
    init?(_ bytes: [UInt8], at start: Int) {
        var cursor = MySQLCursor(bytes: bytes, position: start, end: min(bytes.count, start + Self.limit))
        guard cursor.skip("/*!50106 CREATE") || cursor.skip("CREATE") else { return nil }
        if cursor.skip("*/ /*!50117 DEFINER=") || cursor.skip(" DEFINER=") {
            guard cursor.skipName() else { return nil }
            if cursor.skip("@"), !cursor.skipName() { return nil }
            _ = cursor.skip("*/ /*!50106")
        }
        guard cursor.skip(" EVENT "), cursor.skipName(), cursor.skip(" ON SCHEDULE ") else { return nil }
        let schedule = cursor.position
        guard cursor.skip(past: " ON COMPLETION ") else { return nil }
        let words = String(decoding: bytes[schedule..<cursor.position], as: UTF8.self)
        _ = cursor.skip("NOT ")
        guard cursor.skip("PRESERVE ") else { return nil }
        let position = cursor.position
        guard let found = Self.states.first(where: { cursor.skip($0) }) else { return nil }
        (range, state) = (position..<cursor.position, found)
        ends = words.begins(with: "AT ") || words.holds(" ENDS '")
    }

    /// The words of the same event elsewhere.
    func state(moved source: MySQLEventPlace, _ target: MySQLEventPlace) -> String {
        source.runs(state) ? target.running : "DISABLE"
    }

    /// The definition as it reads in another place; what is no event's definition stays what it is.
    static func moved(_ text: String, from source: MySQLEventPlace, to target: MySQLEventPlace) -> String {
        var bytes = Array(text.utf8)
        guard let head = MySQLEventHead(bytes, at: 0) else { return text }
        bytes.replaceSubrange(head.range, with: head.state(moved: source, target).utf8)
        return String(decoding: bytes, as: UTF8.self)
    }
}
