/// What became of the audit log since it was written.
public struct AuditVerdict: Hashable, Sendable {
    /// The first entry that does not fit.
    public struct Misfit: Hashable, Sendable {
        public var sequence: Int64
        public var why: String
    }

    /// In the state.
    public var entries: Int64
    /// The newest entry that something outside of the state bears out; 0 where nothing does.
    public var anchored: Int64
    /// Tags of deployments that were compared.
    public var tags: Int
    /// nil where everything fits.
    public var misfit: Misfit?
    /// What could not be compared, in words.
    public var notes: [String]
}

/// Compares the chain with itself, with its anchor, and with what the tags of deployments say.
public struct AuditProof: Sendable {
    let workspace: Workspace
    let definitions: DefinitionLoader

    public init(_ workspace: Workspace, definitions: DefinitionLoader) {
        self.workspace = workspace
        self.definitions = definitions
    }

    private struct Witness {
        var hash: String
        var source: String
    }

    private static let page = 1000

    public func verdict() throws(DeployError) -> AuditVerdict {
        let path = Layout.auditAnchor(workspace.project)
        let file = try workspace.ports.files.read(path).map { String(decoding: $0, as: UTF8.self) }
        let anchors = (file ?? "").lines.compactMap { AuditHead($0) }
        let tags = AuditTags(workspace, definitions: definitions).read()
        var known: [Int64: [Witness]] = [:]
        for head in anchors {
            known[head.sequence, default: []].append(Witness(hash: head.hash, source: Path.name(path)))
        }
        for tag in tags.heads where tag.isOurs {
            known[tag.head.sequence, default: []].append(
                Witness(hash: tag.head.hash, source: "tag \(tag.name)"))
        }
        let last = anchors.map(\.sequence).max() ?? 0
        var verdict = AuditVerdict(
            entries: 0, anchored: known.keys.max() ?? 0, tags: tags.heads.count,
            notes: try tags.notes + notes(onForeign: tags.heads.filter { !$0.isOurs }))
        let unanchored = try walk(&verdict, known, anchors: Set(anchors.map(\.sequence)), upTo: last)
        guard verdict.misfit == nil else { return verdict }
        if let beyond = known.keys.filter({ $0 > verdict.entries }).min(), let witness = known[beyond]?.first
        {
            verdict.misfit = .init(
                sequence: verdict.entries + 1, why: "it is gone, though \(witness.source) has entry \(beyond)"
            )
        } else if let lost = unanchored.first, !AuditRecord.mayLackAnchors(unanchored) {
            verdict.misfit = .init(
                sequence: lost.sequence,
                why: "\(Path.name(path)) \(file == nil ? "is gone" : "ends at \(last)")")
        }
        return verdict
    }

    /// A tag that anybody could have made is named where it does not fit, and proves nothing.
    private func notes(onForeign tags: [(name: String, head: AuditHead, isOurs: Bool)]) throws(DeployError)
        -> [String]
    {
        var notes: [String] = []
        for tag in tags {
            let record = try workspace.ports.state.auditRecords(after: tag.head.sequence - 1, limit: 1).first
            guard record.map(AuditHead.init) != tag.head else { continue }
            notes.append(
                "tag \(tag.name) speaks of another entry \(tag.head.sequence), and proves nothing: it has no mark of this "
                    + "project's, so anybody who pushes could have made it")
        }
        return notes
    }

    /// Goes through the chain up to what does not fit; what is newer than the anchor.
    private func walk(
        _ verdict: inout AuditVerdict, _ known: [Int64: [Witness]], anchors: Set<Int64>, upTo last: Int64
    ) throws(DeployError) -> [AuditRecord] {
        var previous: AuditRecord?
        var newer: [AuditRecord] = []
        while true {
            let page = try workspace.ports.state.auditRecords(
                after: previous?.sequence ?? 0, limit: Self.page)
            for record in page {
                verdict.misfit = misfit(record, after: previous, known, anchors, last)
                if verdict.misfit != nil { return [] }
                if let note = gap(record, after: previous) { verdict.notes.append(note) }
                if record.sequence > last { newer.append(record) }
                (previous, verdict.entries) = (record, record.sequence)
            }
            if page.count < Self.page { return newer }
        }
    }

    /// What is not there any more since the state was put together again; nil where nothing is missing.
    private func gap(_ record: AuditRecord, after previous: AuditRecord?) -> String? {
        let first = (previous?.sequence ?? 0) + 1
        guard record.sequence > first, let entry = record.content else { return nil }
        return
            "entries \(first) to \(record.sequence - 1) were lost with the state, which was rebuilt \(entry.at) by "
            + "\(Shown.text(entry.performer)) from \(Shown.text(entry.subject ?? ""))"
    }

    private func misfit(
        _ record: AuditRecord, after previous: AuditRecord?, _ known: [Int64: [Witness]],
        _ anchors: Set<Int64>,
        _ last: Int64
    ) -> AuditVerdict.Misfit? {
        let lost = known[record.sequence - 1]?.contains {
            record.isRebuilding(after: AuditHead(sequence: record.sequence - 1, hash: $0.hash))
        }
        if lost == true, record.sequence > (previous?.sequence ?? 0) + 1 { return nil }
        if let why = record.misfit(after: previous) {
            let sequence = min(record.sequence, (previous?.sequence ?? 0) + 1)
            return .init(sequence: sequence, why: why)
        }
        if let other = known[record.sequence]?.first(where: { $0.hash != record.hash }) {
            return .init(sequence: record.sequence, why: "\(other.source) has another one")
        }
        guard record.sequence < last, !anchors.contains(record.sequence) else { return nil }
        return .init(sequence: record.sequence, why: "the anchor has no line for it")
    }
}
