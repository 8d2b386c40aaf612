import FoundationEssentials

/// Takes the kernel's lock on an environment for one run, and a person's hold into account.
public struct EnvironmentLock: Sendable {
    let workspace: Workspace

    private var ports: Ports { workspace.ports }
    private var project: String { workspace.project }

    public init(_ workspace: Workspace) {
        self.workspace = workspace
    }

    /// Seconds after which a waiting person is told again what for.
    private static let repeatsAfter = 15.0

    /// The folder of locks and state, where there is none yet.
    public func makeToolFolder() throws(DeployError) {
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
    /// - Throws: `.locked` with who or what holds the environment, since when and what for.
    func acquire(
        _ environment: String, for purpose: String, origin: Origin, waiting: Duration?,
        report: (RunEvent) -> Void = { _ in }
    ) throws(DeployError) -> any HeldLock {
        let path = Layout.lock(project, environment: environment)
        try ports.files.makeFolder(Path.parent(path))
        let deadline = ports.clock.now().addingTimeInterval(waiting?.seconds ?? 0)
        var told: Date?
        while true {
            if let lock = try ports.files.lock(path) {
                lock.describe(
                    "\(purpose) by \(origin.performer) since \(UTC.rfc3339(ports.clock.now()))")
                try refuseHeld(environment)
                return lock
            }
            guard waiting != nil, ports.clock.now() < deadline, ports.interruption.requested() == nil else {
                throw held(environment, path)
            }
            let now = ports.clock.now()
            if told.map({ now.timeIntervalSince($0) >= Self.repeatsAfter }) ?? true {
                told = now
                let left = HumanText.duration(deadline.timeIntervalSince(now).rounded(.up))
                report(.waiting("\(holder(of: environment) ?? "another run"), \(left) left"))
            }
            ports.clock.sleep(for: .milliseconds(200))
        }
    }

    /// - Throws: `.locked` when a person holds the environment.
    public func refuseHeld(_ environment: String) throws(DeployError) {
        guard let hold = try ports.state.hold(on: environment) else { return }
        throw DeployError(
            .locked, what: "\(hold.performer) holds \(environment)",
            why: "\(hold.reason), since \(UTC.rfc3339(hold.since))",
            next: "deployctl lock release \(environment)")
    }

    private func held(_ environment: String, _ path: String) -> DeployError {
        let data = (try? ports.files.read(path)) ?? nil
        let holder = data.map { String(decoding: $0, as: UTF8.self) }
        return DeployError(
            .locked, what: "Another run holds \(environment)",
            why: holder.flatMap { $0.isEmpty ? nil : $0 } ?? "it has only just begun",
            next: "wait for it, or wait with --lock-wait=SECONDS; deployctl lock show \(environment)")
    }
}
