import FoundationEssentials

/// Hands what is written to an environment's logs on to the machine's own log, each line at least once.
///
/// Where it was killed between handing lines on and noting it, the last of them come twice.
struct LogForwarding {
    let site: Site
    /// Of whoever hands on again and again.
    var pace = Pace()

    /// How much is handed on at once, as the machine's log takes it.
    final class Pace {
        /// Bytes of each log.
        fileprivate(set) var portion = Pace.most
        private static let most: Int64 = 262_144
        private static let least: Int64 = 8192

        fileprivate func note(inTime: Bool) {
            portion = inTime ? min(portion * 2, Self.most) : max(portion / 2, Self.least)
        }
    }

    /// Up to where each log was handed on.
    private struct Places: Codable, Hashable {
        var to: Environment.LogRules.Target
        /// By the log's path, in the project where it lies there.
        var places: [String: LogPosition] = [:]
    }

    private struct Turn {
        var log: String
        var portion: LogPortion
        var request: CommandRequest
    }

    private var files: any FileStore { site.ports.files }
    private var record: String { "\(site.layout.root)/forwarded.json" }
    /// Lines of all logs together in one turn, of which there is one a second: the journal drops what exceeds 10,000 lines in
    /// half a minute of all that one unit, or one user, runs.
    private static let mostLines = 150
    /// Runs of which events may still come.
    private static let runs = 20
    /// Who waits for the keeper waits for this too.
    private static let deadline = Duration.seconds(2)

    /// Hands on one portion of each log, and returns the logs of which lines were gone before.
    ///
    /// What was written before the definition asked for it is not handed on.
    ///
    /// - Throws: why lines were not taken; they are handed on the next time.
    func turn() throws(DeployError) -> [String] {
        guard let target = LogTarget(site.environment) else {
            try files.remove(record)
            return []
        }
        guard let held = try LogRotation.lock(site) else { return [] }
        defer { withExtendedLifetime(held) {} }
        let kept = KeptLogs(site: site)
        let logs = kept.all + kept.runs(Self.runs)
        guard let before = try places(target) else {
            var places = Places(to: target.kind)
            for log in logs { places.places[key(log)] = LogFiles(ports: site.ports, path: log).end }
            try write(places)
            return []
        }
        var (places, missed, waiting) = (Places(to: target.kind), [String](), [String]())
        for log in logs {
            let place = before.places[key(log)] ?? LogPosition(bytes: 0)
            places.places[key(log)] = place
            let reader = LogFiles(ports: site.ports, path: log)
            guard let portion = try reader.portion(since: place, atMost: pace.portion) else {
                missed.append(log)
                places.places[key(log)] = reader.beginning
                continue
            }
            if !portion.lines.isEmpty { waiting.append(log) }
        }
        var turns: [Turn] = []
        for log in waiting {
            guard let place = places.places[key(log)],
                let portion = try LogFiles(ports: site.ports, path: log).portion(
                    since: place, atMost: pace.portion, lines: max(1, Self.mostLines / waiting.count))
            else { continue }
            var request = CommandRequest(target.command(kept.writer(of: log)), deadline: Self.deadline)
            request.input = Data(portion.lines.map { $0 == 0 ? 0x20 : $0 })
            turns.append(Turn(log: log, portion: portion, request: request))
        }
        var failure: CommandResult?
        for (turn, result) in zip(turns, site.ports.commands.runTogether(turns.map(\.request))) {
            guard result.succeeded, result.errors.isEmpty else {
                failure = result
                continue
            }
            places.places[key(turn.log)] = turn.portion.next
        }
        if !turns.isEmpty { pace.note(inTime: failure?.ending != .timedOut) }
        if places != before { try write(places) }
        if let failure { throw refusal(target, failure) }
        return missed
    }

    private func key(_ log: String) -> String {
        log.after("\(site.layout.project)/").map(String.init) ?? log
    }

    /// nil where nothing is known of this target yet.
    private func places(_ target: LogTarget) throws(DeployError) -> Places? {
        guard let data = try files.read(record) else { return nil }
        let places = try JSON.value(Places.self, from: data, named: record)
        return places.to == target.kind ? places : nil
    }

    private func write(_ places: Places) throws(DeployError) {
        try files.publish(try JSON.data(places), to: record)
    }

    private func refusal(_ target: LogTarget, _ result: CommandResult) -> DeployError {
        DeployError(
            .stepFailed, what: "Lines were not handed on to \(target.name)",
            why: result.succeeded ? String(result.errors.trimmed) : result.explanation,
            next: "deployctl doctor")
    }
}
