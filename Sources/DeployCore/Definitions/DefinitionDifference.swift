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

    /// What the model keeps apart from the key of the definition it stands in.
    private static let parts = ["migrationLimit": "migrations"]

    private static func fields(_ environment: Environment) throws(DeployError) -> [String: JSONField] {
        var fields = try JSON.value(
            [String: JSONField].self, from: JSON.data(environment), named: "the definition")
        for (stored, key) in [
            "definedChecks": "checks", "definedFront": "front", "definedVariables": "variables",
            "definedFiles": "files", "definedRoutes": "notify", "definedSchedules": "schedules",
        ] {
            fields[key] = fields.removeValue(forKey: stored)
        }
        return fields
    }
}
