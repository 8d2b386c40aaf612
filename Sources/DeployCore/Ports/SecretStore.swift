/// Fetches secrets where the definition says they are.
public protocol SecretStore: Sendable {
    /// - Throws: `.invalidDefinition` when it is missing, empty, or readable by others.
    func fetch(_ source: SecretSource, named name: String) throws(DeployError) -> Secret
}
