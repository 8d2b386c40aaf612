import Foundation

@testable import DeployCore

extension MortalStateStore {
    func record(_ event: Event) throws(DeployError) -> Int64 {
        try life.change()
        return try base.record(event)
    }
    func settle(
        _ present: [Event], of kinds: [Event.Kind], in environment: String, at now: Date
    ) throws(DeployError) {
        try life.change()
        try base.settle(present, of: kinds, in: environment, at: now)
    }
    func unroutedEvents(limit: Int) throws(DeployError) -> [Event] { try base.unroutedEvents(limit: limit) }
    func route(_ deliveries: [(event: Int64, to: [Delivery])]) throws(DeployError) {
        try life.change()
        try base.route(deliveries)
    }
    func dueDeliveries(at now: Date) throws(DeployError) -> [Delivery] { try base.dueDeliveries(at: now) }
    func update(_ deliveries: [Delivery]) throws(DeployError) {
        try life.change()
        try base.update(deliveries)
    }
    func escalations(at now: Date) throws(DeployError) -> [Delivery] { try base.escalations(at: now) }
    func escalate(_ delivery: Int64, to next: Delivery?) throws(DeployError) {
        try life.change()
        try base.escalate(delivery, to: next)
    }
    func answer(_ event: Int64, by performer: String, at now: Date) throws(DeployError) -> Bool {
        try life.change()
        return try base.answer(event, by: performer, at: now)
    }
    func deliveries(of environment: String?, limit: Int) throws(DeployError) -> [Delivery] {
        try base.deliveries(of: environment, limit: limit)
    }
    func routes(toldOfTroubleSince event: Int64) throws(DeployError) -> [String] {
        try base.routes(toldOfTroubleSince: event)
    }
    func lasting(_ kinds: [Event.Kind], in environment: String) throws(DeployError) -> [Event] {
        try base.lasting(kinds, in: environment)
    }
    func pruneNotices(before limit: Date) throws(DeployError) {
        try life.change()
        try base.pruneNotices(before: limit)
    }
    func reviveDeliveries(at now: Date) throws(DeployError) -> Int {
        try life.change()
        return try base.reviveDeliveries(at: now)
    }
    func noticeCounts(of environment: String) throws(DeployError) -> NoticeCounts {
        try base.noticeCounts(of: environment)
    }
    func hasNotices(at now: Date) throws(DeployError) -> Bool { try base.hasNotices(at: now) }
}
