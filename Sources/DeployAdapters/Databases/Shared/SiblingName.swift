import DeployCore

/// Names that a server's databases get beside a live one: `live__20260101120000`, `live__20260101120000_reader`.
enum SiblingName {
    static func matches(_ name: String, of live: String) -> Bool {
        let stem = live + "__"
        guard name.hasPrefix(stem) else { return false }
        let rest = name.dropFirst(stem.count)
        guard Timestamp(digits: String(rest.prefix(14))) != nil else { return false }
        let suffix = rest.dropFirst(14)
        return suffix.isEmpty
            || suffix.hasPrefix("_") && suffix.count > 1
                && suffix.dropFirst().allSatisfy { ("a"..."z").contains($0) }
    }
}
