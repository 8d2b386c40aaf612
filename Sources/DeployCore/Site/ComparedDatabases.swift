/// Databases that this run restored and found equal to their backup, and that nothing has used since.
///
/// Nothing of it outlives the process: who goes on with an interrupted run restores anew.
final class ComparedDatabases: @unchecked Sendable {
    // The steps of a run are on one thread, one after the other.
    private var locations: Set<DatabaseLocation> = []

    init() {}

    func add(_ location: DatabaseLocation) { locations.insert(location) }

    /// Whether it is one; from now on it is used.
    func take(_ location: DatabaseLocation) -> Bool { locations.remove(location) != nil }
}
