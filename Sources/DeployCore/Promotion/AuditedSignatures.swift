/// Which signatures the audit log bears out.
///
/// A row of the state alone may have been put there by anybody who can write that file: a signature counts with an entry
/// that has its digest, is whole, and has its line in the log's anchor.
struct AuditedSignatures {
    let workspace: Workspace

    init(_ workspace: Workspace) { self.workspace = workspace }

    /// Of those of `signatures` that were written down as they are.
    func digests(of signatures: [Signature]) throws(DeployError) -> Set<String> {
        guard let first = signatures.map(\.approvedAt).min() else { return [] }
        let path = Layout.auditAnchor(workspace.project)
        let file = try workspace.ports.files.read(path).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let anchors = Set(file.lines.compactMap { AuditHead($0) })
        let records = try workspace.ports.state.auditRecords(
            of: nil, since: UTC.rfc3339(first), limit: .max)
        return Set(
            records.compactMap { record in
                guard record.hash == record.sealed, anchors.contains(AuditHead(record)),
                    let entry = record.content, entry.act == .approve, entry.outcome == nil
                else { return nil }
                return entry.signature
            })
    }
}
