import DeployCore

/// Names that a server's databases get beside a live one: `live__20260101120000`, `live__20260101120000_reader`.
enum SiblingName {
    static func matches(_ name: String, of live: String) -> Bool {
        let stem = live + "__"
        guard let rest = name.after(stem), Timestamp(digits: String(rest.leadingDigits)) != nil else {
            return false
        }
        guard let suffix = rest.afterDigits.after("_") else { return rest.afterDigits.isEmpty }
        return !suffix.isEmpty && suffix.utf8.allSatisfy { (0x61...0x7A).contains($0) }
    }
}
