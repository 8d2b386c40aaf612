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

    /// Those of one environment, in the order of its definition.
    public static func all(in environment: Environment, of workspace: Workspace) throws(DeployError)
        -> [ScheduleLook]
    {
        let (ports, now) = (workspace.ports, workspace.ports.clock.now())
        let runs = try ports.state.lastScheduleRuns(of: environment.name)
        return environment.schedules.map { schedule in
            let seen = runs.first { $0.schedule == schedule.name }
            let last = seen.flatMap { $0.started == nil ? nil : $0 }
            let isRunning = last?.ended == nil && last?.process.map(ports.processes.isRunning) == true
            let next = seen.flatMap { seen in
                Self.zone(schedule, ports).flatMap {
                    ScheduleClock(schedule: schedule, zone: $0).nextDue(after: min(seen.due, now))
                }
            }
            return ScheduleLook(
                environment: environment.name, schedule: schedule, last: last, isRunning: isRunning,
                next: next)
        }
    }

    /// When it is due, as the definition says it.
    public var rule: String {
        switch schedule.when {
        case .every(let duration): "every \(DurationText.render(duration))"
        case .cron(let text): "\(text)\(schedule.timezone == "UTC" ? "" : " \(schedule.timezone)")"
        }
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
