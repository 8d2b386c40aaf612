import Foundation

@testable import DeployCore

extension MortalStateStore {
    func record(_ approval: Signature) throws(DeployError) {
        try life.change()
        try base.record(approval)
    }
    func releaseApprovals(of release: Timestamp?) throws(DeployError) -> [Signature] {
        try base.releaseApprovals(of: release)
    }
    func record(_ veto: Veto, by deployment: Timestamp?) throws(DeployError) {
        try life.change()
        try base.record(veto, by: deployment)
    }
    func vetoes(of release: Timestamp) throws(DeployError) -> [Veto] { try base.vetoes(of: release) }
    func rebuildings() throws(DeployError) -> [Rebuilding] { try base.rebuildings() }
    func openVetoes() throws(DeployError) -> [Veto] { try base.openVetoes() }
    func clearVetoes(
        of release: Timestamp, by performer: String, reason: String, at now: Date
    ) throws(DeployError) {
        try life.change()
        try base.clearVetoes(of: release, by: performer, reason: reason, at: now)
    }
    func overrides(of deployment: Timestamp) throws(DeployError) -> [GateOverride] {
        try base.overrides(of: deployment)
    }
    func record(_ logPositions: [String: LogPosition], of deployment: Timestamp) throws(DeployError) {
        try base.record(logPositions, of: deployment)
    }
    func logPositions(of deployment: Timestamp) throws(DeployError) -> [String: LogPosition] {
        try base.logPositions(of: deployment)
    }
    func people() throws(DeployError) -> People { try base.people() }
}
