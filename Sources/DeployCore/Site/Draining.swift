import FoundationEssentials

/// How far an instance that serves no more is with finishing what it holds.
///
/// `run/<id>/draining.json`: written by the run that replaced it, and gone on with by the keeper, which ends it.
struct Draining: Hashable, Codable, Sendable {
    /// The run that replaced it.
    var run: Timestamp
    /// When those who still hold a connection lose it.
    var until: Date
    /// From the beginning until then, in seconds.
    private var seconds: Double
    /// How many lost theirs; nil: nothing was asked to end yet.
    var cut: Int?
    /// How many groups of services have ended.
    var ended = 0
    /// When the next group was asked to end; nil: not yet.
    var asked: Date?

    init(run: Timestamp, for drain: Duration, at now: Date) {
        (self.run, seconds) = (run, drain.seconds)
        until = now.addingTimeInterval(drain.seconds)
    }

    /// A clock that is set back makes nothing longer.
    func isOver(at now: Date) -> Bool { now >= until || until.timeIntervalSince(now) > seconds }
}

extension InstanceRecords {
    /// nil where an instance serves, or is ended by the run that replaced it.
    func draining(_ id: String) -> Draining? {
        guard let data = try? files.read(drainingFile(id)) else { return nil }
        return try? JSONDecoder().decode(Draining.self, from: data)
    }

    /// Those that finish what they hold, oldest first.
    var drained: [String] { all.filter { draining($0) != nil } }

    func write(_ draining: Draining, of id: String) throws(DeployError) {
        try files.publish(JSON.data(draining), to: drainingFile(id))
    }

    /// It serves again.
    func removeDraining(of id: String) throws(DeployError) { try files.remove(drainingFile(id)) }

    private func drainingFile(_ id: String) -> String { "\(layout.instance(id))/draining.json" }
}
