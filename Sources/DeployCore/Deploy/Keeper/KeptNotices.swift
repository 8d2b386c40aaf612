import FoundationEssentials

/// Has messages sent, and troubles looked for, by a process of its own: other machines take their time.
final class KeptNotices {
    private let workspace: Workspace
    private let program: String
    private let definitions: DefinitionLoader
    private var process: ProcessIdentity?
    private var nextLook = Date.distantPast
    private var lastRun = Date.distantPast
    /// Whether something ended or began since then, which may be a trouble, or the end of one.
    private var isStirred = false

    /// `program`: absolute path of deployctl.
    init(_ workspace: Workspace, definitions: DefinitionLoader, program: String) {
        (self.workspace, self.definitions, self.program) = (workspace, definitions, program)
    }

    private var ports: Ports { workspace.ports }

    private static let pause = 2.0
    /// How often troubles are looked for where no message is due, in seconds.
    private static let period = 60.0
    /// The same after something ended or began: what ends again and again must not start a sender each time.
    private static let shortPeriod = 10.0

    private static let longestLog: Int64 = 1 << 20

    /// What somebody may have to be told of without waiting for the next look.
    func hear(_ event: KeeperEvent) {
        switch event {
        case .ended, .started, .failed: isStirred = true
        case .certificate, .troubled, .scheduled, .drained, .flooded, .missed: break
        }
    }

    func look(at environments: [Environment], telling tell: (KeeperEvent) -> Void) {
        let now = ports.clock.now()
        guard now >= nextLook || nextLook.timeIntervalSince(now) > Self.pause,
            environments.contains(where: { !$0.routes.isEmpty })
        else { return }
        nextLook = now.addingTimeInterval(Self.pause)
        if let process, ports.processes.isRunning(process) { return }
        let isDue = abs(now.timeIntervalSince(lastRun)) >= (isStirred ? Self.shortPeriod : Self.period)
        guard isDue || (try? ports.state.hasNotices(at: now)) == true else { return }
        (lastRun, isStirred) = (now, false)
        let log = "\(Layout.tool(workspace.project))/notices.log"
        if ports.files.size(of: log).map({ $0 > Self.longestLog }) == true { try? ports.files.remove(log) }
        let words = ["--quiet", "--project", workspace.project, "--environments", definitions.folder]
        let launch = ServiceLaunch(
            command: Command(program, words + ["notifications", "send"]), directory: workspace.project,
            environment: [:], log: log)
        do throws(DeployError) { process = try ports.processes.start(launch) } catch {
            tell(.failed(environment: "all", what: "the sender of messages", why: error.why))
        }
    }
}
