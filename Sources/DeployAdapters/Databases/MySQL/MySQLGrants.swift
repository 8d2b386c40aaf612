import DeployCore

/// What an account has been granted, as the server lists it.
struct MySQLGrants {
    private struct Grant {
        var rights: Set<String>
        /// `*`, or a pattern of databases' names.
        var scope: String
        var isPassedOn: Bool
    }

    private var grants: [Grant] = []
    /// Whether some of it is another's, which the list does not spell out.
    private(set) var isWhole = true

    /// Lines of `SHOW GRANTS`.
    init(_ lines: [String]) {
        for line in lines {
            guard let rest = line.after("GRANT ") else { continue }
            let parts = String(rest).split(at: " TO ", max: 1)[0].split(at: " ON ", max: 1)
            guard parts.count == 2, let scope = Self.scope(String(parts[1])) else {
                // A role, or rights on one table or routine.
                if parts.count < 2 { isWhole = false }
                continue
            }
            grants.append(
                Grant(
                    rights: Set(String(parts[0]).split(at: ", ").map(String.init)), scope: scope,
                    isPassedOn: line.holds(" WITH GRANT OPTION")))
        }
    }

    private static func scope(_ text: String) -> String? {
        guard text.ends(with: ".*") else { return nil }
        let name = Substring(Substring(text).utf8.dropLast(2))
        guard name.begins(with: "`"), name.ends(with: "`"), name.utf8.count > 1 else { return String(name) }
        return String(Substring(name.utf8.dropFirst().dropLast())).replacing("``", by: "`")
    }

    /// Whether it may do this on the whole server.
    func everywhere(_ right: String) -> Bool {
        // MySQL writes with `_` what MariaDB writes with a blank.
        let other = right.replacing(" ", by: "_")
        return grants.contains { grant in
            grant.scope == "*" && !grant.rights.isDisjoint(with: ["ALL PRIVILEGES", "SUPER", right, other])
        }
    }

    /// Whether it may do everything in a database of this name, or only `right`; `passingOn`: and let others do so.
    func all(on database: String, or right: String? = nil, passingOn: Bool) -> Bool {
        grants.contains { grant in
            !grant.rights.isDisjoint(with: [right, "ALL PRIVILEGES"].compactMap(\.self))
                && (!passingOn || grant.isPassedOn)
                && (grant.scope == "*"
                    || Self.matches(Array(database.utf8)[...], Array(grant.scope.utf8)[...]))
        }
    }

    /// As the server compares: `%` is any text, `_` any character, and a backslash takes their meaning.
    private static func matches(_ name: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
        guard let sign = pattern.first else { return name.isEmpty }
        let rest = pattern.dropFirst()
        switch sign {
        case UInt8(ascii: "%"):
            return matches(name, rest) || !name.isEmpty && matches(name.dropFirst(), pattern)
        case UInt8(ascii: "_"): return !name.isEmpty && matches(name.dropFirst(), rest)
        case UInt8(ascii: "\\") where !rest.isEmpty:
            return name.first == rest.first && matches(name.dropFirst(), rest.dropFirst())
        default: return name.first == sign && matches(name.dropFirst(), rest)
        }
    }
}
