/// Finds the engine an environment's database lives in.
public protocol DatabaseEngines: Sendable {
    /// The engine the definition names, reached the way the definition says.
    ///
    /// With a `limit`, a program it runs and a migration that take longer are ended and fail.
    func engine(for layout: Layout, within limit: Duration?) -> any ApplicationDatabase
    /// The same, with its clients run by an account of this machine; nil: by this process's own.
    func engine(for layout: Layout, as account: String?) -> any ApplicationDatabase
}

extension DatabaseEngines {
    /// The engine the definition names; each call has its own deadline.
    public func engine(for layout: Layout) -> any ApplicationDatabase { engine(for: layout, within: nil) }

    /// For engines that know no accounts.
    public func engine(for layout: Layout, as account: String?) -> any ApplicationDatabase {
        engine(for: layout, within: nil)
    }
}

/// The application's database engine, addressed by location so that scratch copies work like the live one.
///
/// Who needs a part of it asks for that role alone.
public protocol ApplicationDatabase: DatabasePlacing, DatabaseCopying, DatabaseMigrating, DatabaseMasking,
    DatabasePreparing
{}
