import FoundationEssentials

/// Writes down who does what, before it is done and after.
///
/// An entry is in the state, and its hash in a file of its own beside it, before the act begins. The file may lack the
/// last act, when power failed between the two, and outcomes; the next act adds them first.
public struct AuditLog: Sendable {
    let workspace: Workspace
    let origin: Origin
    let report: @Sendable (RunEvent) -> Void

    private var ports: Ports { workspace.ports }
    private var path: String { Layout.auditAnchor(workspace.project) }

    /// An act of whoever runs this, to be completed by the caller.
    public func entry(_ act: AuditEntry.Act, in environment: String? = nil, on subject: String? = nil)
        -> AuditEntry
    {
        var entry = AuditEntry(act, by: origin, at: UTC.rfc3339(ports.clock.now()))
        (entry.environment, entry.subject) = (environment, subject)
        return entry
    }

    /// Writes an act down together with what `body` writes to the state; the act may begin when this returns.
    ///
    /// `revert`: takes back what `body` wrote, when the act cannot be anchored and so does not begin.
    @discardableResult
    public func record<Value>(
        _ entry: AuditEntry, with body: () throws(DeployError) -> Value,
        revert: (Value, DeployError) -> Void = { _, _ in }
    ) throws(DeployError) -> Value {
        let lock = try locked()
        defer { withExtendedLifetime(lock) {} }
        try AuditSeal(files: ports.files, project: workspace.project).prepare()
        try anchor()
        let value = try ports.state.adding(entry, to: body)
        do throws(DeployError) { try anchor() } catch {
            let refused = DeployError(
                .stepFailed, what: "The audit log cannot be written", why: "\(error.what): \(error.why)",
                next: error.next)
            revert(value, refused)
            throw refused
        }
        return value
    }

    /// Writes down an act that writes nothing to the state.
    public func record(_ entry: AuditEntry) throws(DeployError) {
        try record(entry) { () throws(DeployError) in }
    }

    /// Writes an outcome down together with what `body` writes to the state; the act is done, so that a missing anchor
    /// changes nothing.
    func conclude(
        _ entry: AuditEntry, _ outcome: String, with body: () throws(DeployError) -> Void
    ) throws(DeployError) {
        var entry = entry
        entry.outcome = outcome
        let lock = try? locked()
        defer { withExtendedLifetime(lock) {} }
        try ports.state.adding(entry, to: body)
        if lock != nil { try? anchor() }
    }

    /// An act between its two entries; `succeeded` says whether what came of it is what was wanted.
    public func around<Value>(
        _ entry: AuditEntry, succeeded: (Value) -> Bool = { _ in true },
        _ body: () throws(DeployError) -> Value
    ) throws(DeployError) -> Value {
        try record(entry)
        let outcome = { ($0 ? Deployment.Outcome.succeeded : .failed).rawValue }
        do throws(DeployError) {
            let value = try body()
            try conclude(entry, outcome(succeeded(value))) { () throws(DeployError) in }
            return value
        } catch {
            try? conclude(entry, outcome(false)) { () throws(DeployError) in }
            throw error
        }
    }

    /// What the state has more than the file is added to it now.
    func anchorNow() throws(DeployError) {
        let lock = try locked()
        defer { withExtendedLifetime(lock) {} }
        try AuditSeal(files: ports.files, project: workspace.project).prepare()
        try anchor()
    }

    /// Adds to the file what the state has more; of what cannot have come about so, the newest alone, so that it stays
    /// to be seen.
    private func anchor() throws(DeployError) {
        let end =
            try ports.files.readEnd(of: path, bytes: 4096).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let last = end.lines.reversed().lazy.compactMap { AuditHead($0) }.first
        var records = try ports.state.auditRecords(after: (last?.sequence ?? 1) - 1, limit: .max)
        let isRebuilt = last.map { records.first?.isRebuilding(after: $0) == true } ?? false
        let fits = last == nil || isRebuilt || records.first.map(AuditHead.init) == last
        if last != nil, !isRebuilt { records = Array(records.dropFirst()) }
        if !fits || !AuditRecord.mayLackAnchors(records) {
            report(.warned("the audit log does not fit \(path); look with deployctl audit verify"))
            records = try ports.state.auditRecords(of: nil, since: nil, limit: 1)
        }
        guard !records.isEmpty else { return }
        let text = records.map { AuditHead($0).text }.joined(separator: "\n")
        let isCut = !end.isEmpty && !end.ends(with: "\n")
        try ports.files.append(isCut ? "\n\(text)" : text, to: path)
        try ports.files.makeDurable(path)
    }

    /// One run at a time adds to the chain, so that the file has its lines in order.
    private func locked() throws(DeployError) -> any HeldLock {
        try ports.files.makeFolder(Path.parent(path))
        let deadline = ports.clock.now().addingTimeInterval(30)
        while true {
            if let lock = try ports.files.lock(path) { return lock }
            guard ports.clock.now() < deadline else {
                throw DeployError(
                    .locked, what: "The audit log is in use", why: "another run keeps \(path) locked",
                    next: "run it again")
            }
            ports.clock.sleep(for: .milliseconds(10))
        }
    }
}
