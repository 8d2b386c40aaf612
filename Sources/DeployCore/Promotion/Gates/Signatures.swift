import FoundationEssentials

/// Which signatures of a release count: same release, same definitions, not expired, not its maker's own
/// where somebody else could have signed; pure.
struct Signatures {
    let facts: PromotionFacts

    /// Whose signatures of the item count; nil when what is needed to tell is not known.
    func performers(for item: String) -> Set<String>? {
        guard let all = facts.people.signatures, let known = facts.people.performers,
            let release = facts.release, let definitions = facts.definitionDigest
        else { return nil }
        let counting = all.filter { signature in
            signature.item == item && signature.releaseDigest == release.digest
                && signature.definitionDigest == definitions && !isExpired(signature)
                && (known.count < 2 || signature.performer != release.performer)
        }
        return Set(counting.map(\.performer))
    }

    /// Why signatures of the item that are there do not count.
    func reasons(for item: String) -> [String] {
        let all = (facts.people.signatures ?? []).filter { $0.item == item }
        guard let release = facts.release else { return [] }
        return all.compactMap { signature in
            if signature.releaseDigest != release.digest {
                return "\(signature.performer)'s is for another release"
            }
            if signature.definitionDigest != facts.definitionDigest {
                return "\(signature.performer)'s is void, the definition changed"
            }
            if isExpired(signature) { return "\(signature.performer)'s is expired" }
            return signature.performer == release.performer && (facts.people.performers?.count ?? 0) > 1
                ? "\(signature.performer) made the release" : nil
        }
    }

    private func isExpired(_ signature: Signature) -> Bool {
        guard let limit = facts.rules.approvalsExpire else { return false }
        return facts.now >= signature.approvedAt.addingTimeInterval(limit.seconds)
    }
}
