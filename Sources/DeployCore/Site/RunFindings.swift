/// What steps of one run found out for later ones, which would take long to find it out again.
///
/// Nothing of it outlives the process: who goes on with an interrupted run looks anew.
final class RunFindings: @unchecked Sendable {
    // The steps of a run are on one thread, one after the other.
    private var compared: Set<DatabaseLocation> = []
    private var instances: Set<String>?

    init() {}

    /// Takes note of a database that was restored and found equal to its backup.
    func add(compared location: DatabaseLocation) { compared.insert(location) }

    /// Whether it was, and nothing has used it since; from now on it is used.
    func take(compared location: DatabaseLocation) -> Bool { compared.remove(location) != nil }

    /// Takes note of the instances that processes were seen of once the one to be stopped had ended.
    func add(instances seen: Set<String>) { instances = seen }

    /// Those, once; nil where nobody has looked.
    func takeInstances() -> Set<String>? {
        defer { instances = nil }
        return instances
    }
}
