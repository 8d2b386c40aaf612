import FoundationEssentials

extension Deployer {
    /// What a staging deployment would do.
    public enum StagingIntent: Sendable {
        case upToDate(Release)
        case plan(PlanDraft, uncommitted: Int)
    }

    /// Builds the commit into a release and deploys it to `staging`.
    public func staging(reference: String) throws(DeployError) -> Result {
        if let earlier = try earlier() { return earlier }
        let environment = try definitions.load("staging")
        try refuseCollisions()
        return try locked(environment.name, for: "deployctl staging") { () throws(DeployError) in
            try Recovery(deployer: self).settleBefore(environment)
            switch try stagingIntent(environment, reference: reference) {
            case .upToDate(let release):
                return .upToDate(
                    "release \(release.timestamp) (\(release.shortCommit)) is live and healthy in staging")
            case .plan(let draft, let uncommitted):
                if uncommitted > 0 {
                    report(
                        .warned(
                            "\(uncommitted) uncommitted change\(uncommitted == 1 ? " is" : "s are") not in this deployment"
                        ))
                }
                for notice in draft.fillingNotices { report(.warned(notice)) }
                return try carryOut(draft, approval: nil)
            }
        }
    }

    /// What a deployment of the commit would do; changes nothing.
    public func stagingIntent(_ environment: Environment, reference: String) throws(DeployError)
        -> StagingIntent
    {
        let source = SourceFacts(workspace.site(environment))
        let head = try source.commit(reference)
        let facts = try collector.collect(environment)
        try preflight(facts.environment)
        try Branch.refuse(head.branch, in: environment)
        if let release = facts.release, release.commit == head.commit {
            if try unchanged(facts), facts.look(in: workspace).servesWell { return .upToDate(release) }
            let draft = PlanDraft(kind: .deploy, facts: try withSource(facts), goal: .redeploy(release))
            return .plan(draft, uncommitted: 0)
        }
        let goal = PlanDraft.Goal.build(commit: head.commit, branch: head.branch, subject: head.subject)
        return .plan(
            PlanDraft(kind: .deploy, facts: try withSource(facts), goal: goal),
            uncommitted: try source.uncommitted())
    }

    /// Whether the definition is the one the current release was deployed with.
    func unchanged(_ facts: EnvironmentFacts) throws(DeployError) -> Bool {
        let last = try ports.state.releaseMoves(of: facts.environment.name, limit: 1).first
        guard let last, let plan = try ports.state.plan(of: last.timestamp) else { return false }
        return plan.environment == facts.environment
    }

    /// Checks what can be known before anything is done: paths, names, room for sockets.
    func preflight(_ environment: Environment) throws(DeployError) {
        let layout = workspace.site(environment).layout
        let socket = layout.longestSocket
        guard socket.utf8.count <= Layout.socketPathLimit else {
            throw DeployError(
                .invalidDefinition, what: "The project's path is too long for unix sockets",
                why: "\(socket) has \(socket.utf8.count) bytes, the kernel allows \(Layout.socketPathLimit)",
                next:
                    "set \"runtime\": {\"kind\": \"process\", \"sockets\": \"/run/\(environment.project)\"}, or move the project"
            )
        }
        if environment.runtime.strategy == .recreate { try refuseUnheldPorts(environment) }
        guard !project.contains(where: { "$\"\\;{}".contains($0) || $0.isNewline }) else {
            throw DeployError(
                .invalidDefinition, what: "The project's path cannot be written to an nginx file",
                why: "\(project) contains one of $ \" \\ ; { }", next: "move the project")
        }
    }

    /// Without an edge a public port must be held by a service that listens on TCP.
    private func refuseUnheldPorts(_ environment: Environment) throws(DeployError) {
        let held = environment.services.filter { $0.role == .app && $0.listen == .tcp }
            .compactMap { environment.directPort(of: $0) }
        guard let port = environment.edgePorts.first(where: { !held.contains($0) }) else {
            return
        }
        throw DeployError(
            .invalidDefinition, what: "Nothing would listen on port \(port) of \(environment.name)",
            why: "strategy recreate has no edge, and no service with \"listen\": \"tcp\" holds that port",
            next: "let a service listen on tcp, or use strategy blue-green with nginx")
    }

    /// Refuses definitions that collide, before every deployment.
    func refuseCollisions() throws(DeployError) {
        let findings = Isolation.findings(try definitions.loadAll()).filter { !$0.onPurpose }
        guard let first = findings.first else { return }
        throw DeployError(
            .invalidDefinition, what: first.what,
            why: findings.dropFirst().map(\.what).joined(separator: "\n"), next: first.next)
    }
}
