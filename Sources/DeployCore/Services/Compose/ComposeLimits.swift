/// A service's limits as keys of the Compose file that is written for the engine.
///
/// What the project's own file limits stays; of two limits the lower one counts.
enum ComposeLimits {
    static func set(_ limits: Limits, in tree: inout JSONTree) {
        lower("memory", "mem_limit", limits.memory.map(Double.init), &tree)
        lower("cpus", "cpus", limits.cpu, &tree)
        lower("pids", "pids_limit", limits.processes.map(Double.init), &tree)
        // What does not fit is not moved to disk instead.
        if limits.memory != nil, tree["memswap_limit"] == nil { tree["memswap_limit"] = tree["mem_limit"] }
    }

    /// Of the 1024 that every container has which does not say otherwise.
    static let sharesOfYielding: Int64 = 102

    /// What people use comes before it where both want a processor; what the file says itself stays.
    static func letYield(_ tree: inout JSONTree) {
        if tree["cpu_shares"] == nil { tree["cpu_shares"] = .integer(sharesOfYielding) }
    }

    /// The file says it in one of two places, and both would contradict each other.
    private static func lower(_ name: String, _ key: String, _ limit: Double?, _ tree: inout JSONTree) {
        guard let limit else { return }
        let own = [tree[key], tree["deploy"]?["resources"]?["limits"]?[name]].compactMap { $0?.amount }
            .filter { $0 > 0 }
        let lowest = (own + [limit]).min() ?? limit
        tree[key] = name == "cpus" ? .number(lowest) : .integer(Int64(lowest))
        guard tree["deploy"]?["resources"]?["limits"]?[name] != nil else { return }
        tree["deploy"]?["resources"]?["limits"]?[name] = nil
    }

    /// Why a container is not limited as it was to be; nil where it is.
    static func complaint(_ limits: Limits, _ state: ContainerState) -> String? {
        let kept = state.limits
        let kind: Limits.Kind? =
            if let most = limits.memory, (kept.memory ?? .max) > most {
                .memory
            } else if let most = limits.cpu, (kept.cpu ?? .infinity) > most + 0.001 {
                .cpu
            } else if let most = limits.processes, (kept.processes ?? .max) > most {
                .processes
            } else {
                nil
            }
        return kind.map { "the engine does not limit its \($0.rawValue)" }
    }
}

extension ContainerState {
    /// As the engine keeps them.
    var limits: Limits {
        Limits(
            memory: memory.flatMap { $0 > 0 ? $0 : nil },
            cpu: nanoCpus.flatMap { $0 > 0 ? Double($0) / 1e9 : nil },
            processes: pidsLimit.flatMap { $0 > 0 ? Int($0) : nil })
    }
}

extension JSONTree {
    /// A number, also when it is written as text.
    fileprivate var amount: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        case .text(let text): Double(text)
        default: nil
        }
    }
}
