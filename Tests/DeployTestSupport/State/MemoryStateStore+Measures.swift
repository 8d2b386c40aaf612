import Foundation

@testable import DeployCore

extension MemoryStateStore {
    public func trafficPosition(of environment: String) throws(DeployError) -> LogPosition? {
        locked { $0.trafficPositions[environment] }
    }

    public func add(
        _ traffic: [Traffic], of environment: String, from begin: LogPosition?, to end: LogPosition,
        at now: Date
    ) throws(DeployError) -> Bool {
        locked { memory in
            guard memory.trafficPositions[environment] == begin else { return false }
            memory.trafficPositions[environment] = end
            var known = memory.traffic[environment] ?? []
            for one in traffic {
                if let index = known.firstIndex(where: {
                    ($0.hour, $0.statusClass, $0.slot) == (one.hour, one.statusClass, one.slot)
                }) {
                    known[index].requests += one.requests
                    known[index].seconds += one.seconds
                } else {
                    known.append(one)
                }
            }
            memory.traffic[environment] = known.sorted {
                ($0.hour, $0.statusClass, $0.slot) < ($1.hour, $1.statusClass, $1.slot)
            }
            return true
        }
    }

    public func traffic(of environment: String) throws(DeployError) -> [Traffic] {
        locked { $0.traffic[environment] ?? [] }
    }

    public func stepTimes(of environment: String) throws(DeployError) -> [StepTimes] {
        let runs = locked { memory in
            memory.deployments.filter { $0.environment == environment }
                .flatMap { memory.steps[$0.timestamp].map { Array($0.values) } ?? [] }
        }
        let ended = runs.filter { $0.state == .finished && $0.finishedAt != nil }
        return Dictionary(grouping: ended, by: \.step).map { step, records in
            StepTimes(
                step: step, count: records.count,
                seconds: records.reduce(0) {
                    $0 + ($1.finishedAt?.timeIntervalSince($1.startedAt) ?? 0)
                })
        }.sorted { $0.step < $1.step }
    }

    public func runTimes(of environment: String) throws(DeployError) -> [RunTimes] {
        let runs = locked { $0.deployments.filter { $0.environment == environment } }
        let kinds = Dictionary(grouping: runs) { [$0.kind.rawValue, $0.outcome?.rawValue ?? ""] }
        return kinds.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { _, same in
            RunTimes(
                kind: same[0].kind, outcome: same[0].outcome, count: same.count,
                seconds: same.reduce(0) { $0 + ($1.seconds ?? 0) })
        }
    }
}
