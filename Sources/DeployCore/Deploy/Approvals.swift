import FoundationEssentials

/// One item that can be signed, and by whom it is.
public struct SignableItem: Hashable, Sendable {
    public var item: String
    /// How many people have to sign it.
    public var needed: Int
    public var signatures: [Signature]
    /// Those of them that count.
    public var counting: [Signature]
}

/// What people may sign before a promotion.
public struct ApprovalSheet: Sendable {
    public var release: Release
    public var definitionDigest: String
    /// How long a signature counts; nil: for good.
    public var expires: Duration?
    public var items: [SignableItem]
    var people: People
}

/// What people say of a release: signatures and vetoes.
public struct Approvals: Sendable {
    let deployer: Deployer

    public init(_ deployer: Deployer) { self.deployer = deployer }

    private var state: any StateStore { deployer.ports.state }
    private var performer: String { deployer.origin.performer }
    private var now: Date { deployer.ports.clock.now() }

    /// What can be signed for the release that would be promoted to `name`.
    public func sheet(_ name: String = "production") throws(DeployError) -> ApprovalSheet {
        let environment = try deployer.definitions.load(name)
        guard let rules = environment.promotion, let from = rules.from else {
            throw DeployError(
                .notFound, what: "Nothing is promoted to \(name)", why: "its definition names no \"from\"",
                next: "deployctl validate")
        }
        let source = try deployer.collector.collect(try deployer.deployedDefinitions.load(from))
        let target = try deployer.collector.collect(environment)
        guard let release = source.release, let digest = PromotionFactsCollector.digest(source, target) else {
            throw DeployError(
                .notFound, what: "There is no release to approve", why: "nothing is deployed to \(from)",
                next: "deployctl \(from)")
        }
        let people = try state.people()
        var facts = PromotionFacts(source: from, target: name, rules: rules, at: now)
        (facts.release, facts.definitionDigest, facts.people.known) = (release, digest, people)
        facts.people.signatures = try state.releaseApprovals(of: release.timestamp)
        facts.people.audited = try AuditedSignatures(deployer.workspace).digests(
            of: facts.people.signatures ?? [])
        let judge = Signatures(facts: facts)
        let wanted = rules.checklist.map { ($0, 1) } + [(Signature.wholeRelease, rules.approvals)]
        let items = wanted.map { item, needed in
            SignableItem(
                item: item, needed: needed,
                signatures: facts.people.signatures?.filter { $0.item == item } ?? [],
                counting: judge.counting(for: item) ?? [])
        }
        return ApprovalSheet(
            release: release, definitionDigest: digest, expires: rules.approvalsExpire, items: items,
            people: people)
    }

    /// Plans that agents proposed since the environment's last change, the newest first.
    public func proposals(_ name: String = "production") throws(DeployError) -> [AuditEntry] {
        let entries = try state.auditRecords(of: name, since: nil, limit: 500).compactMap(\.content)
        let changing: Set<AuditEntry.Act> = [.deploy, .promote, .rollback, .restore]
        return entries.prefix { !changing.contains($0.act) }.filter { $0.act == .propose }
    }

    /// Signs an item of the checklist, or the release as a whole, in the name of whoever asks.
    ///
    /// - Throws: `.gateRefused` when their account made the release and somebody else could sign it.
    public func approve(_ item: String, for name: String = "production") throws(DeployError)
        -> Signature
    {
        try deployer.hookRefusal.check()
        let sheet = try self.sheet(name)
        guard sheet.items.contains(where: { $0.item == item }) else {
            throw DeployError(
                .notFound, what: "Nothing to approve is called '\(item)'",
                why: "known are \(sheet.items.map(\.item).joined(separator: ", "))",
                next: "deployctl approvals")
        }
        let who = deployer.origin.who
        try refuseNobody(who, sheet.release)
        let others = sheet.people.others(than: performer, who)
        guard others.isEmpty || !sheet.release.isMade(by: performer, who) else {
            throw DeployError(
                .gateRefused,
                what: "\(Who.label(performer, who)) made release \(sheet.release.timestamp)",
                why: "somebody else works here too; nothing was signed",
                next: "let \(others.joined(separator: " or ")) approve it, under an account of their own")
        }
        let approval = Signature(
            release: sheet.release.timestamp, releaseDigest: sheet.release.digest,
            definitionDigest: sheet.definitionDigest, item: item, performer: performer,
            who: who, approvedAt: now)
        var entry = deployer.audit.entry(.approve, in: name, on: item)
        (entry.release, entry.signature) = (approval.release, try approval.digest())
        try deployer.audit.record(entry) { () throws(DeployError) in try state.record(approval) }
        return approval
    }

    /// Signatures count accounts, and in a user namespace one account could be several.
    private func refuseNobody(_ who: Who?, _ release: Release) throws(DeployError) {
        guard who?.isNobodys != true else {
            throw DeployError(
                .gateRefused, what: "Nothing can be signed in a user namespace",
                why: "accounts there are not the machine's own, so that nobody knows whose signature it is",
                next: "run it outside of unshare, bubblewrap or a rootless container")
        }
        guard release.who?.isNobodys == true else { return }
        throw DeployError(
            .gateRefused, what: "Nobody knows who made release \(release.timestamp)",
            why:
                "it was made in a user namespace, where accounts are not the machine's own; nothing was signed",
            next: "outside of that namespace: git commit --allow-empty, then deployctl staging")
    }

    /// Forbids the promotion of a release.
    public func veto(_ text: String, because reason: String) throws(DeployError) -> Release {
        let release = try TimestampResolver.release(text, in: state)
        let veto = Veto(release: release.timestamp, performer: performer, reason: reason, since: now)
        try record(.veto, of: release, because: reason) { () throws(DeployError) in
            try state.record(veto, by: nil)
        }
        return release
    }

    /// Lifts every veto of a release.
    public func clear(_ text: String, because reason: String) throws(DeployError) -> Release {
        try deployer.hookRefusal.check()
        let release = try TimestampResolver.release(text, in: state)
        guard try !state.vetoes(of: release.timestamp).isEmpty else {
            throw DeployError(
                .notFound, what: "Release \(release.timestamp) is not vetoed",
                why: "there is nothing to clear",
                next: "deployctl gates")
        }
        try record(.clear, of: release, because: reason) { () throws(DeployError) in
            try state.clearVetoes(of: release.timestamp, by: performer, reason: reason, at: now)
        }
        return release
    }

    private func record(
        _ act: AuditEntry.Act, of release: Release, because reason: String,
        with body: () throws(DeployError) -> Void
    ) throws(DeployError) {
        var entry = deployer.audit.entry(act)
        (entry.release, entry.reason) = (release.timestamp, reason)
        try deployer.audit.record(entry, with: body)
    }
}
