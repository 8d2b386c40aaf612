import FoundationEssentials

/// Keeps the logs of one environment within its rules.
struct LogCare {
    let site: Site
    let definitions: DeployedDefinitions
    /// Of whoever looks again and again.
    var pace = LogPace()

    private var files: any FileStore { site.ports.files }
    private var layout: Layout { site.layout }

    /// Whether a look at their sizes says that there is something to do.
    var isDue: Bool {
        let rules = site.environment.logRules
        let sizes = KeptLogs(site: site).all.map { min(files.size(of: $0) ?? 0, LogRecord.longest) }
        let total = pace.glance(at: sizes.reduce(0, +), site.ports.clock.now())
        if total > rules.within - pace.reserve(within: rules.within) { return true }
        return !pace.isFlood(within: rules.within) && sizes.contains { $0 >= rules.size }
    }

    /// Takes off what is too much, and gives up what no rule keeps; `pieces`: how many are taken off one log at most.
    func turn(pieces: Int) throws(DeployError) {
        let logs = KeptLogs(site: site).all
        try files.refuseStranger(on: layout.logs)
        guard !logs.isEmpty, let held = try LogRotation.lock(site) else { return }
        defer { withExtendedLifetime(held) {} }
        let rotation = LogRotation(
            rules: site.environment.logRules, files: files, commands: site.ports.commands,
            clock: site.ports.clock, pieces: pieces, pace: pace)
        try rotation.turn(logs, watched: watched())
        try removeOldOutput()
    }

    /// How much of each is kept: the files are looked at again and again.
    private static let mostOutput = 500

    /// Output of schedules and of detached runs; and logs of runs, of which frequent schedules take none away.
    private func removeOldOutput() throws(DeployError) {
        let names = files.names(in: layout.toolLogs)
        try removeOld(names.map { ($0, ($0.after("schedule-") ?? $0.after("detached-"))?.leadingDigits) })
        try removeOld(names.map { ($0, $0.leadingDigits) })
        let logs = Set(files.names(in: layout.toolLogs))
        for record in names where LogRecord.log(of: record).map({ !logs.contains(String($0)) }) == true {
            try files.remove("\(layout.toolLogs)/\(record)")
        }
    }

    /// Those without a moment stay.
    private func removeOld(_ output: [(name: String, moment: Substring?)]) throws(DeployError) {
        let age = site.environment.logRules.keepFor.seconds
        let oldest = UTC.digits(site.ports.clock.now().addingTimeInterval(-age))
        let dated = output.compactMap { name, moment -> (name: String, moment: String)? in
            guard let moment, moment.utf8.count >= oldest.utf8.count else { return nil }
            return (name, String(moment))
        }.sorted { $1.moment.utf8.lexicographicallyPrecedes($0.moment.utf8) }
        for (number, one) in dated.enumerated()
        where number >= Self.mostOutput || one.moment.utf8.lexicographicallyPrecedes(oldest.utf8) {
            try files.remove("\(layout.toolLogs)/\(one.name)")
        }
    }

    /// What the gate of an environment that is promoted to will ask about the present deployment.
    private func watched() throws(DeployError) -> [String: LogCount.Watched] {
        guard let last = try site.ports.state.releaseMoves(of: site.environment.name, limit: 1).first else {
            return [:]
        }
        let texts = Set(
            ((try? definitions.loadAll()) ?? []).compactMap(\.promotion)
                .filter { $0.from == site.environment.name }.flatMap(\.forbiddenInLogs)
        ).sorted()
        guard !texts.isEmpty else { return [:] }
        let positions = try site.ports.state.logPositions(of: last.timestamp)
        return Dictionary(
            positions.map { (layout.serviceLog($0), LogCount.Watched(begin: $1.bytes, texts: texts)) }
        ) { first, _ in first }
    }
}
