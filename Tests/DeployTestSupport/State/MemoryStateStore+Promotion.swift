import Foundation

@testable import DeployCore

extension MemoryStateStore {
    public func record(_ approval: Signature) throws(DeployError) {
        locked { $0.releaseApprovals.append(approval) }
    }

    public func releaseApprovals(of release: Timestamp?) throws(DeployError) -> [Signature] {
        locked { memory in
            memory.releaseApprovals.filter { release == nil || $0.release == release }
        }
    }

    public func record(_ veto: Veto, by deployment: Timestamp?) throws(DeployError) {
        locked { memory in
            guard deployment == nil || !memory.vetoes.contains(where: { $0.deployment == deployment }) else {
                return
            }
            memory.vetoes.append((veto, deployment))
        }
    }

    public func vetoes(of release: Timestamp) throws(DeployError) -> [Veto] {
        locked { $0.vetoes.map(\.veto).filter { $0.release == release } }
    }

    public func rebuildings() throws(DeployError) -> [Rebuilding] { locked { $0.rebuildings } }

    /// As if the state had been rebuilt.
    public func rebuild(_ rebuildings: [Rebuilding]) { locked { $0.rebuildings = rebuildings } }

    public func openVetoes() throws(DeployError) -> [Veto] {
        try beforeVetoesAreRead()
        return locked { $0.vetoes.map(\.veto) }
    }

    public func clearVetoes(
        of release: Timestamp, by performer: String, reason: String, at now: Date
    ) throws(DeployError) {
        locked { $0.vetoes.removeAll { $0.veto.release == release } }
    }

    public func overrides(of deployment: Timestamp) throws(DeployError) -> [GateOverride] {
        locked { $0.overrides[deployment] ?? [] }
    }

    public func record(_ logPositions: [String: LogPosition], of deployment: Timestamp) throws(DeployError) {
        locked { $0.logPositions[deployment] = logPositions }
    }

    public func logPositions(of deployment: Timestamp) throws(DeployError) -> [String: LogPosition] {
        locked { $0.logPositions[deployment] ?? [:] }
    }

    public func people() throws(DeployError) -> People {
        locked { memory in
            People(
                memory.deployments.map { ($0.performer, $0.who) }
                    + memory.releases.values.map { ($0.performer, $0.who) }
                    + memory.releaseApprovals.map { ($0.performer, $0.who) })
        }
    }
}
