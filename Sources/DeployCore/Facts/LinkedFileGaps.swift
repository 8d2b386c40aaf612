/// Linked files that one environment lacks.
public enum LinkedFileGaps {
    /// Those that only one of the two links, and those that are not there, in words.
    public static func between(
        _ one: Environment, _ other: Environment, _ secrets: any SecretStore
    ) -> [String] {
        gaps(in: other, beside: one) + gaps(in: one, beside: other) + missing(one, secrets)
            + missing(other, secrets)
    }

    private static func gaps(in environment: Environment, beside other: Environment) -> [String] {
        other.linkedPaths.filter { environment.linkedFiles[$0] == nil }.map {
            "\(environment.name) links no \($0), which \(other.name) does"
        }
    }

    private static func missing(_ environment: Environment, _ secrets: any SecretStore) -> [String] {
        environment.linkedPaths.compactMap { path in
            do throws(DeployError) {
                let source = SecretSource.file(environment.linkedFiles[path] ?? "")
                _ = try secrets.fetch(source, named: Environment.linkedFileName(path))
                return nil
            } catch {
                return "\(environment.name): \(error.what): \(error.why)"
            }
        }
    }
}
