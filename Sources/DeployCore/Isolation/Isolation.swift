/// Something two environments have in common.
public struct IsolationFinding: Hashable, Codable, Sendable {
    /// What they share, in the words of `sharedOnPurpose`, such as `ports.http` or `logs`.
    public var subject: String
    /// The two environments, in the order they were given.
    public var environments: [String]
    public var what: String
    public var next: String
    /// Whether both definitions list it; what is shared by mistake is refused.
    public var onPurpose: Bool
}

/// Finds what two environments on one machine would take from each other.
///
/// Compared are accounts, ports, the database's server, name, user, password and file, network, volumes, the
/// folders of logs, backups, shared folders and state, URL, TLS key, and secrets: where they come from
/// and, through digests, their values. A folder inside the other's folder is in common too. The subjects
/// `sharedOnPurpose` may list are those of the definition's schema.
public enum Isolation {
    /// Every pair's findings, in a stable order.
    ///
    /// - Parameters:
    ///   - environments: The definitions to compare with one another.
    ///   - secretDigests: Digests of secret values by environment and name; `database.password` and
    ///     `database.admin.password` stand for the database's. No value is needed here, and none is shown.
    ///   - project: The project's folder, so that relative and absolute paths can be compared.
    /// - Returns: One finding for each pair of subjects that are the same; empty when all keep apart.
    public static func findings(
        _ environments: [Environment], secretDigests: [String: [String: String]] = [:], project: String = ""
    ) -> [IsolationFinding] {
        let claims = environments.map { environment in
            IsolationClaims(environment, digests: secretDigests[environment.name] ?? [:], project: project)
                .all
        }
        var findings: [IsolationFinding] = []
        for left in environments.indices {
            for right in environments.indices where right > left {
                findings += common(environments[left], claims[left], environments[right], claims[right])
            }
        }
        return findings
    }

    /// - Throws: `.invalidDefinition` when two definitions share something by accident.
    static func refuseCollisions(_ environments: [Environment]) throws(DeployError) {
        let accidental = findings(environments).filter { !$0.onPurpose }
        guard let first = accidental.first else { return }
        let ways = accidental.indices.filter { at in
            accidental[..<at].allSatisfy { $0.next != accidental[at].next }
        }
        throw DeployError(
            .invalidDefinition, what: first.what,
            why: accidental.dropFirst().map(\.what).joined(separator: "\n"),
            next: ways.map { accidental[$0].next }.joined(separator: "\n"))
    }

    private static func common(
        _ left: Environment, _ leftClaims: [IsolationClaim], _ right: Environment,
        _ rightClaims: [IsolationClaim]
    ) -> [IsolationFinding] {
        var findings: [IsolationFinding] = []
        var seen: Set<[String]> = []
        for claim in leftClaims {
            for other in rightClaims where claim.collides(with: other) {
                guard seen.insert([claim.subject, other.subject]).inserted else { continue }
                findings.append(finding(claim, of: left, other, of: right))
            }
        }
        return findings
    }

    private static func finding(
        _ claim: IsolationClaim, of left: Environment, _ other: IsolationClaim, of right: Environment
    ) -> IsolationFinding {
        let subjects = claim.subject == other.subject ? [claim.subject] : [claim.subject, other.subject]
        let unlisted = [left, right].filter { environment in
            !subjects.allSatisfy(environment.sharedOnPurpose.contains)
        }
        let names = subjects.map { "\"\($0)\"" }.joined(separator: " and ")
        let who = "\(left.name) and \(right.name)"
        let what =
            subjects.count == 1
            ? "\(who) have the same \(claim.subject): \(claim.shownBeside(other))"
            : "\(claim.subject) of \(left.name) and \(other.subject) of \(right.name) are the same:"
                + " \(claim.shownBeside(other))"
        let next =
            unlisted.isEmpty
            ? "nothing to do; both definitions list \(names) in \"sharedOnPurpose\""
            : "give each its own, or list \(names) in \"sharedOnPurpose\" of"
                + " \(unlisted.map(\.name).joined(separator: " and "))"
        return IsolationFinding(
            subject: claim.subject, environments: [left.name, right.name], what: what, next: next,
            onPurpose: unlisted.isEmpty)
    }
}
