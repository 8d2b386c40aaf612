import FoundationEssentials

/// A schedule as the release that serves brought it, and what became of it last.
public struct ScheduleLook: Sendable {
    public let environment: String
    public let schedule: Environment.Schedule
    /// nil: it never ran.
    public let last: ScheduleRun?
    /// Whether the last run goes on.
    public let isRunning: Bool
    /// nil where nobody knows: no keeper has seen it yet, or its time zone is unknown here.
    public let next: Date?
    /// Whether somebody is there to run it.
    public let isKept: Bool

    /// Those of one environment, in the order of its definition.
    public static func all(in environment: Environment, of workspace: Workspace) throws(DeployError)
        -> [ScheduleLook]
    {
        let (ports, now) = (workspace.ports, workspace.ports.clock.now())
        let runs = try ports.state.lastScheduleRuns(of: environment.name)
        let isKept = KeeperPresence(files: ports.files, project: workspace.project).holder != nil
        return environment.schedules.map { schedule in
            let seen = runs.first { $0.schedule == schedule.name }
            let last = seen.flatMap { $0.started == nil ? nil : $0 }
            // What has just ended a keeper is about to record.
            let isRunning =
                last != nil && last?.ended == nil
                && (isKept || last?.process.map(ports.processes.isRunning) == true)
            let next = seen.flatMap { seen in
                Self.zone(schedule, ports).flatMap {
                    ScheduleClock(schedule: schedule, zone: $0).nextDue(after: min(seen.due, now))
                }
            }
            return ScheduleLook(
                environment: environment.name, schedule: schedule, last: last, isRunning: isRunning,
                next: next, isKept: isKept)
        }
    }

    /// When it is due, as the definition says it.
    public var rule: String {
        switch schedule.when {
        case .every(let duration): "every \(DurationText.render(duration))"
        case .cron(let text): "\(Self.daily(text) ?? text) \(schedule.timezone)"
        }
    }

    /// `every day at 03:00` for `0 3 * * *`; nil for what says more.
    private static func daily(_ cron: String) -> String? {
        let fields = cron.split(at: " ")
        guard fields.count == 5, fields[2...].allSatisfy({ $0 == "*" }), let minute = Int(fields[0]),
            let hour = Int(fields[1])
        else { return nil }
        return "every day at \(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
    }

    /// That a run goes on though the next one is due, as a sentence; nil where none does.
    func overlong(at now: Date) -> String? {
        guard isRunning, let next, next <= now, let began = last?.started else { return nil }
        return
            "began \(HumanText.age(of: began, at: now)) and goes on, though it was due again on \(UTC.rfc3339(next)); see \(last?.log ?? "")"
    }

    /// When it runs next, as a sentence.
    public func outlook(at now: Date) -> String {
        guard let next else { return "unknown until a keeper sees it: deployctl boot install" }
        let date = UTC.rfc3339(next)
        guard isKept else { return "due on \(date), but nobody runs it: deployctl boot install" }
        guard next <= now else { return date }
        return isRunning ? "when this run has ended; it was due on \(date)" : "due since \(date)"
    }

    /// How the last run ended; nil before the first.
    public var outcome: String? { last.map { isRunning ? "is running" : ScheduleRunner.words(for: $0) } }

    private static func zone(_ schedule: Environment.Schedule, _ ports: Ports) -> ZoneOffsets? {
        guard schedule.timezone != "UTC" else {
            return ZoneOffsets(changes: [.init(at: .distantPast, offset: 0)])
        }
        return ZoneProbe(files: ports.files).request(schedule.timezone, around: ports.clock.now())
            .flatMap { ZoneProbe.offsets(ports.commands.run($0)) }
    }
}
