import FoundationEssentials

/// Starts what is due in one environment, each schedule by itself and never twice at once, and records how it ended.
final class ScheduleRunner {
    private let workspace: Workspace
    private let environment: String
    /// The command that is this tool.
    private let program: String
    private let definitions: String
    private var zones: [String: (ZoneOffsets, asked: Date)] = [:]
    private var nextLook = Date.distantPast

    /// `definitions`: the folder of definitions.
    init(_ workspace: Workspace, environment: String, program: String, definitions: String) {
        (self.workspace, self.environment, self.program) = (workspace, environment, program)
        self.definitions = definitions
    }

    private var ports: Ports { workspace.ports }

    /// How often it looks while nothing runs, in seconds; schedules have minutes.
    private static let pause = 1.0
    /// How long an answer about a time zone is good for, in seconds: it reaches nine days further.
    private static let zoneAge = 86_400.0

    func look(at site: Site, telling tell: (KeeperEvent) -> Void) throws(DeployError) {
        let now = ports.clock.now()
        guard now >= nextLook || nextLook.timeIntervalSince(now) > Self.pause else { return }
        nextLook = now.addingTimeInterval(Self.pause)
        let schedules = site.environment.schedules
        guard !schedules.isEmpty else { return }
        let last = Dictionary(
            try ports.state.lastScheduleRuns(of: environment).map { ($0.schedule, $0) }
        ) { first, _ in first }
        for schedule in schedules { try look(at: schedule, last[schedule.name], site, now, tell) }
    }

    private func look(
        at schedule: Environment.Schedule, _ last: ScheduleRun?, _ site: Site, _ now: Date,
        _ tell: (KeeperEvent) -> Void
    ) throws(DeployError) {
        guard var last else {
            return try ports.state.record(
                ScheduleRun(environment: environment, schedule: schedule.name, due: now))
        }
        if last.started != nil, last.ended == nil {
            if let process = last.process, ports.processes.isRunning(process) { return }
            last.ended = now
            last.status = last.process.flatMap(ports.processes.ending).map(Self.status)
            try ports.state.record(last)
            tell(.scheduled(environment: environment, what: schedule.name, how: Self.words(for: last)))
        }
        guard let zone = zone(schedule.timezone, now) else { return }
        // The clock was ahead and is no more: what ran then counts as run now.
        guard last.due <= now else {
            return try ports.state.moveLastScheduleRun(of: schedule.name, in: environment, to: now)
        }
        guard let due = ScheduleClock(schedule: schedule, zone: zone).lastDue(after: last.due, at: now)
        else { return }
        try start(schedule, due, site, now)
        tell(.scheduled(environment: environment, what: schedule.name, how: "began"))
    }

    private func start(
        _ schedule: Environment.Schedule, _ due: Date, _ site: Site, _ now: Date
    ) throws(DeployError) {
        // Of its own, also where several begin in the same moment.
        let number = site.environment.schedules.firstIndex { $0.name == schedule.name } ?? 0
        let log = "\(site.layout.toolLogs)/schedule-\(UTC.digits(milliseconds: now))-\(number + 1).log"
        let words = schedule.words.cut(before: "--")
        let command = Command(
            program,
            ["-C", workspace.project, "--environments", definitions] + words.before + ["--lock-wait=3600"]
                + words.rest)
        try ports.files.makeFolder(site.layout.toolLogs)
        var run = ScheduleRun(
            environment: environment, schedule: schedule.name, due: due, started: now, log: log)
        // Before it begins, so that a keeper killed in between does not make it run twice.
        try ports.state.record(run)
        do throws(DeployError) {
            run.process = try ports.processes.start(
                ServiceLaunch(command: command, directory: workspace.project, environment: [:], log: log))
        } catch {
            run.ended = now
            run.status = ExitCode.stepFailed.rawValue
            // On a full disk that is no place either.
            try? ports.files.append("\(error.what): \(error.why)", to: log)
        }
        try ports.state.record(run)
    }

    private func zone(_ name: String, _ now: Date) -> ZoneOffsets? {
        if let known = zones[name], abs(now.timeIntervalSince(known.asked)) < Self.zoneAge { return known.0 }
        guard name != "UTC" else { return ZoneOffsets(changes: [.init(at: .distantPast, offset: 0)]) }
        guard let request = ZoneProbe(files: ports.files).request(name, around: now),
            let offsets = ZoneProbe.offsets(ports.commands.run(request))
        else { return nil }
        zones[name] = (offsets, now)
        return offsets
    }

    private static func status(_ ending: ProcessEnding) -> Int32 {
        switch ending {
        case .status(let status): status
        case .signal(let number): 128 + number
        case .memory: 137
        }
    }

    /// How a run that is over ended.
    static func words(for run: ScheduleRun) -> String {
        switch run.status {
        case 0: "ended well"
        case let status?: "failed with exit code \(status); see \(run.log)"
        case nil: "ended while nobody looked; see \(run.log)"
        }
    }
}

extension [String] {
    /// What stands before a word, and the word with what follows it.
    fileprivate func cut(before word: String) -> (before: [String], rest: [String]) {
        let index = firstIndex(of: word) ?? endIndex
        return (Array(self[..<index]), Array(self[index...]))
    }
}
