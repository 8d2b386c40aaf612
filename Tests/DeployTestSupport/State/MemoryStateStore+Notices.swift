import Foundation

@testable import DeployCore

/// Nothing writes events by itself here, as triggers of the real state do.
extension MemoryStateStore {
    @discardableResult
    public func record(_ event: Event) throws(DeployError) -> Int64 { locked { $0.add(event) } }

    public func settle(
        _ present: [Event], of kinds: [Event.Kind], in environment: String, at now: Date
    ) throws(DeployError) {
        locked { memory in
            let open = memory.lasting(kinds, in: environment)
            func isSame(_ one: Event, _ other: Event) -> Bool {
                (one.kind, one.subject) == (other.kind, other.subject)
            }
            let known = open.map { memory.events[$0].event }
            for event in present where !known.contains(where: { isSame($0, event) }) {
                _ = memory.add(event)
            }
            for index in open where !present.contains(where: { isSame($0, memory.events[index].event) }) {
                memory.events[index].event.overAt = now
                let event = memory.events[index].event
                let what = [event.kind.rawValue, event.subject].filter { !$0.isEmpty }
                _ = memory.add(
                    Event(
                        .recovered, in: environment, on: what.joined(separator: " "), at: now,
                        detail: "\(event.sequence)"))
            }
        }
    }

    public func unroutedEvents(limit: Int) throws(DeployError) -> [Event] {
        locked { Array($0.events.filter { !$0.isRouted }.map(\.event).prefix(limit)) }
    }

    public func route(_ deliveries: [(event: Int64, to: [Delivery])]) throws(DeployError) {
        locked { memory in
            for (event, messages) in deliveries where !memory.events[Int(event) - 1].isRouted {
                memory.events[Int(event) - 1].isRouted = true
                for message in messages { memory.add(message) }
            }
        }
    }

    public func dueDeliveries(at now: Date) throws(DeployError) -> [Delivery] {
        locked { memory in
            var queues: Set<String> = []
            return memory.present.filter { delivery in
                delivery.state == .waiting
                    && queues.insert("\(delivery.event.environment) \(delivery.route)").inserted
                    && (delivery.nextAt <= now || delivery.nextAt > now + 2 * Delivery.longestPause)
            }
        }
    }

    public func update(_ deliveries: [Delivery]) throws(DeployError) {
        locked { memory in
            for delivery in deliveries { memory.deliveries[Int(delivery.sequence) - 1] = delivery }
        }
    }

    public func escalations(at now: Date) throws(DeployError) -> [Delivery] {
        locked { $0.present.filter { $0.escalateAt.map { $0 <= now } ?? false } }
    }

    public func escalate(_ delivery: Int64, to next: Delivery?) throws(DeployError) {
        locked { memory in
            memory.deliveries[Int(delivery) - 1].escalateAt = nil
            if let next { memory.add(next) }
        }
    }

    public func answer(_ event: Int64, by performer: String, at now: Date) throws(DeployError) -> Bool {
        locked { memory in
            guard memory.events.indices.contains(Int(event) - 1) else { return false }
            let known = memory.events[Int(event) - 1].event.answeredBy
            memory.events[Int(event) - 1].event.answeredBy = known ?? performer
            return true
        }
    }

    public func deliveries(of environment: String?, limit: Int) throws(DeployError) -> [Delivery] {
        locked { memory in
            Array(
                memory.present.reversed().filter { environment == nil || $0.event.environment == environment }
                    .prefix(limit))
        }
    }

    public func routes(toldOfTroubleSince event: Int64) throws(DeployError) -> [String] {
        locked { memory in
            let first = memory.events[Int(event) - 1].event
            var told: [String] = []
            for one in memory.present {
                let other = one.event
                let isOne =
                    first.overAt != nil && other.overAt == first.overAt && other.kind == first.kind
                    && other.environment == first.environment
                    && (other.kind != .scheduleFailed || other.subject == first.subject)
                guard isOne || other.sequence == event, !told.contains(one.route) else { continue }
                told.append(one.route)
            }
            return told
        }
    }

    public func lasting(_ kinds: [Event.Kind], in environment: String) throws(DeployError) -> [Event] {
        locked { memory in memory.lasting(kinds, in: environment).map { memory.events[$0].event } }
    }

    /// Numbers are places here, so that what is old stays and only its messages go.
    public func pruneNotices(before limit: Date) throws(DeployError) {
        locked { memory in
            let old = memory.present.filter {
                $0.event.at < limit && ($0.event.overAt != nil || !$0.event.kind.isTrouble)
            }
            let needed = old.filter { $0.state == .waiting || $0.escalateAt != nil }.map(\.event.sequence)
            for one in old where !needed.contains(one.event.sequence) {
                memory.pruned.insert(one.sequence)
            }
        }
    }

    public func reviveDeliveries(at now: Date) throws(DeployError) -> Int {
        locked { memory in
            var count = 0
            for index in memory.deliveries.indices {
                if memory.deliveries[index].state == .waiting {
                    memory.deliveries[index].nextAt = min(memory.deliveries[index].nextAt, now)
                }
                guard memory.deliveries[index].state == .dead else { continue }
                if memory.events[Int(memory.deliveries[index].event.sequence) - 1].event.overAt != nil {
                    memory.deliveries[index].state = .over
                    continue
                }
                (memory.deliveries[index].state, memory.deliveries[index].nextAt) = (.waiting, now)
                memory.deliveries[index].attempts = 0
                count += 1
            }
            return count
        }
    }

    public func noticeCounts(of environment: String) throws(DeployError) -> NoticeCounts {
        let own = try deliveries(of: environment, limit: .max)
        return NoticeCounts(
            waiting: own.filter { $0.state == .waiting }.count, dead: own.filter { $0.state == .dead }.count)
    }

    public func hasNotices(at now: Date) throws(DeployError) -> Bool {
        if try !unroutedEvents(limit: 1).isEmpty { return true }
        if try !escalations(at: now).isEmpty { return true }
        return try !dueDeliveries(at: now).isEmpty
    }
}

extension MemoryStateStore.Memory {
    func add(_ event: Event) -> Int64 {
        var event = event
        event.sequence = Int64(events.count + 1)
        events.append((event, false))
        return event.sequence
    }

    func add(_ delivery: Delivery) {
        guard
            !deliveries.contains(where: {
                $0.event.sequence == delivery.event.sequence && $0.route == delivery.route
            })
        else { return }
        var delivery = delivery
        delivery.sequence = Int64(deliveries.count + 1)
        deliveries.append(delivery)
    }

    /// Places of what lasts.
    func lasting(_ kinds: [Event.Kind], in environment: String) -> [Int] {
        events.indices.filter { index in
            let event = events[index].event
            return event.environment == environment && event.overAt == nil && kinds.contains(event.kind)
        }
    }

    /// With the events as they are now.
    var present: [Delivery] {
        deliveries.filter { !pruned.contains($0.sequence) }.map { delivery in
            var delivery = delivery
            delivery.event = events[Int(delivery.event.sequence) - 1].event
            return delivery
        }
    }
}
