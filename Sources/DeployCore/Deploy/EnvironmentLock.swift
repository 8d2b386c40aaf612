import FoundationEssentials

/// Takes the kernel's lock on an environment for one run, and a person's hold into account.
public struct EnvironmentLock: Sendable {
    let workspace: Workspace

    private var ports: Ports { workspace.ports }
    private var project: String { workspace.project }

    public init(_ workspace: Workspace) {
        self.workspace = workspace
    }

    /// The folder of locks and state, where there is none yet.
    ///
    /// - Throws: `.invalidDefinition` where root would work on what is another account's.
    public func makeToolFolder() throws(DeployError) {
        try refuseRootForOthers()
        try IgnoredFolder(files: ports.files, project: project).makeTool()
    }

    /// Who runs on the environment now; nil while nobody does.
    public func holder(of environment: String) -> String? {
        let path = Layout.lock(project, environment: environment)
        guard ports.files.isLocked(path) else { return nil }
        let data = (try? ports.files.read(path)) ?? nil
        return data.map { String(decoding: $0, as: UTF8.self) } ?? "a run that has only just begun"
    }

    /// The lock, for as long as it is kept.
    ///
    /// - Throws: `.invalidDefinition` where root would work on what is another account's, `.locked` with who or what holds the environment, since when and what for.
    func acquire(
        _ environment: String, for purpose: String, origin: Origin, waiting: Duration?,
        report: (RunEvent) -> Void = { _ in }
    ) throws(DeployError) -> any HeldLock {
        try refuseRootForOthers()
        let lock = try LockWait(ports: ports, waiting: waiting).take(
            Layout.lock(project, environment: environment), as: "\(purpose) by \(origin.performer)",
            report: report
        ) { Self.held(environment, by: $0) }
        try refuseHeld(environment)
        return lock
    }

    /// What root made among another account's files that account could neither change nor take back.
    ///
    /// - Throws: `.invalidDefinition` there.
    func refuseRootForOthers() throws(DeployError) {
        let tool = Layout.tool(project)
        guard ports.processes.runsAsRoot, ports.files.permissions(of: tool)?.ownedByUser == false else {
            return
        }
        throw DeployError(
            .invalidDefinition, what: "This project is run by another account than root",
            why: "\(tool) belongs to it, and could not use what root makes there; nothing was changed",
            next: "run it as the account that owns that folder, without sudo or with sudo -u")
    }

    /// - Throws: `.locked` when a person holds the environment.
    public func refuseHeld(_ environment: String) throws(DeployError) {
        guard let hold = try ports.state.hold(on: environment) else { return }
        throw DeployError(
            .locked, what: "\(hold.performer) holds \(environment)",
            why: "\(hold.reason), since \(UTC.rfc3339(hold.since))",
            next: "deployctl lock release \(environment)")
    }

    /// `holder`: what it wrote of itself, nil where that is nothing yet.
    static func held(_ environment: String, by holder: String?) -> DeployError {
        DeployError(
            .locked, what: "Another run holds \(environment)",
            why: holder ?? "it has only just begun",
            next: "wait for it, or wait with --lock-wait=SECONDS; deployctl lock show \(environment)")
    }
}
