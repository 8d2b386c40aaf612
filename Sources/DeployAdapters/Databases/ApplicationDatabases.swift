import DeployCore

/// The engines this build knows, by the definition's word.
public struct ApplicationDatabases: DatabaseEngines {
    public init() {}

    public func engine(for layout: Layout) -> any ApplicationDatabase { SQLiteApplicationDatabase() }
}
