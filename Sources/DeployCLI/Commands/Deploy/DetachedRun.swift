import DeployCore
import FoundationEssentials

/// `staging --detach`: the run goes on in a session of its own.
struct DetachedRun {
    let context: CommandContext

    struct Answer: Encodable, Sendable {
        let detached: Bool
        let log: String
    }

    func start() throws(DeployError) -> ExitCode {
        let environment = try context.definitions.load("staging")
        let now = Timestamp(context.ports.clock.now())
        let layout = context.workspace.site(environment).layout
        let log = "\(layout.toolLogs)/detached-\(now).log"
        let program = context.ports.files.linkTarget("/proc/self/exe") ?? "deployctl"
        var variables = context.variables.filter { !$0.key.begins(with: "GIT_") }
        // The new session has no git process above it any more that would tell.
        if context.origin.trigger == .hook { variables["DEPLOYCTL_TRIGGER"] = Trigger.hook.rawValue }
        variables["DEPLOYCTL_PERFORMER"] = context.origin.performer
        _ = try context.ports.processes.start(
            ServiceLaunch(
                command: Command(program, arguments), directory: context.project, environment: variables,
                log: log))
        try context.answer(Answer(detached: true, log: log)) { "The deployment to staging goes on: \(log)\n" }
        return .done
    }

    /// The same run, waiting for one that is under way, since nobody is there to repeat it.
    private var arguments: [String] {
        let globals = context.invocation.globals
        var words = [
            "staging", "--project", context.project, "--environments", globals.environments, "--progress",
            "plain",
        ]
        if let reference = context.invocation.text("ref") { words += ["--ref", reference] }
        if let reason = globals.reason { words += ["--reason", reason] }
        if let key = globals.idempotencyKey { words += ["--idempotency-key", key] }
        switch globals.lockWait {
        case .seconds(let seconds): words.append("--lock-wait=\(seconds)")
        default: words.append("--lock-wait=900")
        }
        return words
    }
}
