import FoundationEssentials

/// Which keys two definitions differ in.
public enum DefinitionDifference {
    /// Top-level keys, sorted; secrets are only named, they are not in a definition.
    public static func keys(_ left: Environment, _ right: Environment) throws(DeployError) -> [String] {
        guard left != right else { return [] }
        let (one, other) = (try fields(left), try fields(right))
        let changed = Set(one.keys).union(other.keys).filter { one[$0] != other[$0] }
        return Set(changed.map { parts[$0] ?? $0 }).sorted()
    }

    /// One value that two definitions differ in.
    public struct Value: Hashable, Sendable {
        /// The way to it, such as `ports.http`.
        public let key: String
        /// As JSON; nil: it has none.
        public let left: String?
        /// As JSON; nil: it has none.
        public let right: String?
    }

    /// Each value that differs, sorted by key; of a secret only where it is to be found.
    public static func values(_ left: Environment, _ right: Environment) throws(DeployError) -> [Value] {
        guard left != right else { return [] }
        let (one, other) = (flat(.object(try fields(left)), ""), flat(.object(try fields(right)), ""))
        return Set(one.keys).union(other.keys).sorted().filter { one[$0] != other[$0] }
            .map { Value(key: $0, left: one[$0], right: other[$0]) }
    }

    /// Texts as they are, lists and what is empty as JSON, by the way to each.
    private static func flat(_ value: JSONField, _ path: String) -> [String: String] {
        guard case .object(let members) = value, !members.isEmpty else {
            return value == .null ? [:] : [path: value.plainText]
        }
        var found: [String: String] = [:]
        for (key, member) in members {
            found.merge(flat(member, path.isEmpty ? key : "\(path).\(key)")) { $1 }
        }
        return found
    }

    /// What the model keeps apart from the key of the definition it stands in.
    private static let parts = ["migrationLimit": "migrations", "definedElsewhere": "database"]

    private static func fields(_ environment: Environment) throws(DeployError) -> [String: JSONField] {
        var fields = try JSON.value(
            [String: JSONField].self, from: JSON.data(environment), named: "the definition")
        for (stored, key) in [
            "definedChecks": "checks", "definedFront": "front", "definedVariables": "variables",
            "definedFiles": "files", "definedRoutes": "notify", "definedSchedules": "schedules",
            "definedHooks": "hooks", "definedFeatures": "features", "definedHosts": "hosts",
            "definedPackages": "packages",
            "releaseCommands": "release", "sharedFolders": "shared",
        ] {
            fields[key] = fields.removeValue(forKey: stored)
        }
        if case .object(var rules) = fields.removeValue(forKey: "definedLogRules") {
            rules["folder"] = fields["logs"]
            fields["logs"] = .object(rules)
        }
        return fields
    }
}
