/// A stable process exit code; scripts depend on these numbers, so add and never renumber.
///
/// Help pages, the man page and the exit-code article are generated from this list.
public enum ExitCode: Int32, CaseIterable, Codable, Sendable {
    case done = 0
    case unexpected = 1
    case usage = 2
    case invalidDefinition = 10
    case locked = 11
    case gateRefused = 12
    case notConfirmed = 13
    case backupFailed = 14
    case stepFailed = 15
    case needsPerson = 16
    case notFound = 17
    case unfinishedRun = 18
    case unhealthy = 19
    case connectionLost = 20
    case hungUp = 129
    case interrupted = 130
    case terminated = 143

    /// The snake_case name used in JSON answers.
    public var name: String {
        switch self {
        case .done: "done"
        case .unexpected: "unexpected"
        case .usage: "usage"
        case .invalidDefinition: "invalid_definition"
        case .locked: "locked"
        case .gateRefused: "gate_refused"
        case .notConfirmed: "not_confirmed"
        case .backupFailed: "backup_failed"
        case .stepFailed: "step_failed"
        case .needsPerson: "needs_person"
        case .notFound: "not_found"
        case .unfinishedRun: "unfinished_run"
        case .unhealthy: "unhealthy"
        case .connectionLost: "connection_lost"
        case .hungUp: "hung_up"
        case .interrupted: "interrupted"
        case .terminated: "terminated"
        }
    }

    /// One sentence a person reads in help, the man page and the documentation.
    public var meaning: String {
        switch self {
        case .done: "done, or already up to date"
        case .unexpected: "the answer could not be written, or a bug: please report it"
        case .usage: "the command line is wrong; nothing was done"
        case .invalidDefinition: "a definition is wrong; nothing was done"
        case .locked: "another run or a person holds the environment; nothing was done"
        case .gateRefused: "a promotion gate refused; nothing was done"
        case .notConfirmed: "not confirmed, or the plan changed after the answer; nothing was done"
        case .backupFailed: "no proved backup could be made, so nothing was deployed"
        case .stepFailed: "failed; the environment is as it was before"
        case .needsPerson: "failed; a person has to look now, the message says at what"
        case .notFound: "no such environment, release, backup or timestamp, or it is ambiguous"
        case .unfinishedRun: "an earlier run was interrupted; resume or abort it first"
        case .unhealthy: "unhealthy or drifted"
        case .connectionLost: "the connection to the host was lost; what became of the run there is not known"
        case .hungUp: "the terminal went away; the run was stopped or undone"
        case .interrupted: "interrupted by Ctrl-C; the run was stopped or undone"
        case .terminated: "ended by SIGTERM; the run was stopped or undone"
        }
    }
}
