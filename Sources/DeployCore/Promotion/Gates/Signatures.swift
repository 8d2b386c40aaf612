import FoundationEssentials

/// Which signatures of a release count: same release, same definitions, in the audit log, not expired, one for each person, and not its
/// maker's own where somebody else could have signed; pure.
struct Signatures {
    let facts: PromotionFacts

    private struct Judged {
        var signature: Signature
        /// Why it does not count; nil when it does.
        var reason: String?
    }

    /// Those of the item that count; nil when what is needed to tell is not known.
    func counting(for item: String) -> [Signature]? {
        guard facts.people.signatures != nil, facts.people.known != nil, facts.people.audited != nil,
            facts.release != nil, facts.definitionDigest != nil
        else { return nil }
        return judged(item).filter { $0.reason == nil }.map(\.signature)
    }

    /// Why signatures of the item that are there do not count.
    func reasons(for item: String) -> [String] { judged(item).compactMap(\.reason) }

    private func judged(_ item: String) -> [Judged] {
        guard let release = facts.release else { return [] }
        var counted: [Signature] = []
        return (facts.people.signatures ?? []).filter { $0.item == item }.map { signature in
            let reason = void(signature, of: release) ?? repeated(signature, after: counted)
            if reason == nil { counted.append(signature) }
            return Judged(signature: signature, reason: reason)
        }
    }

    private func void(_ signature: Signature, of release: Release) -> String? {
        let whose = "\(Who.label(signature.performer, signature.who))'s"
        if signature.releaseDigest != release.digest { return "\(whose) is for another release" }
        if signature.definitionDigest != facts.definitionDigest {
            return "\(whose) is void, the definition changed"
        }
        guard let digest = try? signature.digest(), facts.people.audited?.contains(digest) ?? false else {
            return "\(whose) is not in the audit log, let it be signed again"
        }
        if isExpired(signature) { return "\(whose) is expired" }
        guard let who = signature.who, !who.isNobodys, release.who?.isNobodys != true else {
            return "\(whose) does not say whose account it was"
        }
        return release.isMade(by: signature.performer, who)
            && facts.people.known?.areMany ?? true
            ? "\(Who.label(signature.performer, signature.who)) made the release" : nil
    }

    private func repeated(_ signature: Signature, after counted: [Signature]) -> String? {
        guard let who = signature.who,
            let first = counted.first(where: { $0.who?.isSamePerson(as: who) ?? false })
        else { return nil }
        return first.performer == signature.performer
            ? "\(first.performer) signed twice"
            : "\(signature.performer) and \(first.performer) are one account, \(who.person.name)"
    }

    private func isExpired(_ signature: Signature) -> Bool {
        guard let limit = facts.rules.approvalsExpire else { return false }
        return facts.now >= signature.approvedAt.addingTimeInterval(limit.seconds)
    }
}
