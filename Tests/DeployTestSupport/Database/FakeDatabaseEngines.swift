@testable import DeployCore

/// One engine for every environment.
public struct FakeDatabaseEngines: DatabaseEngines {
    let database: any ApplicationDatabase

    public init(_ database: any ApplicationDatabase) { self.database = database }

    public func engine(for layout: Layout, within limit: Duration?) -> any ApplicationDatabase { database }
}
