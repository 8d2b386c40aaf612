/// Machines behind one name that serve the same release; each has deployctl's state of its own.
public struct Fleet: Hashable, Sendable {
    /// In the order of the definitions, at least two; the first keeps the data.
    public let machines: [FarAddress]
    /// How many go at once, after the first.
    public let batch: Int

    /// nil where it is one machine, or none.
    public init?(machines: [FarAddress], batch: Int?) {
        guard machines.count > 1 else { return nil }
        (self.machines, self.batch) = (machines, max(batch ?? 1, 1))
    }

    public var first: FarAddress { machines[0] }
    /// All but the first.
    public var others: [FarAddress] { Array(machines.dropFirst()) }

    /// Who goes together, one group after the other: the first goes alone, because what it does to the data is for all.
    public var groups: [[FarAddress]] {
        [[first]]
            + stride(from: 1, to: machines.count, by: batch).map {
                Array(machines[$0..<min($0 + batch, machines.count)])
            }
    }

    /// What a machine is in an environment that several serve.
    enum Part: Hashable, Sendable {
        case first, other
        /// It is in no list.
        case stranger
    }

    /// nil where no machine is named, or one serves alone.
    static func part(of machine: String?, in hosts: [String]) -> Part? {
        guard let machine, hosts.count > 1 else { return nil }
        guard let place = hosts.firstIndex(where: { $0 == machine }) else { return .stranger }
        return place == 0 ? .first : .other
    }
}
