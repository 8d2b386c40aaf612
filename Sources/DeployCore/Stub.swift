public struct DefinitionLoader: Sendable {
    public func load(_ name: String) throws(DeployError) -> Environment { Environment(name: name, project: "x") }
    public func loadAll() throws(DeployError) -> [Environment] { [] }
    public func names() -> [String] { [] }
}
public enum Isolation {
    public struct Finding: Sendable { public var onPurpose: Bool; public var what: String; public var next: String }
    public static func findings(_ environments: [Environment]) -> [Finding] { [] }
}
