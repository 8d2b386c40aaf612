/// The most a service, or everything of an environment together, may take of the machine.
public struct Limits: Hashable, Codable, Sendable {
    /// What the machine can keep within bounds.
    public enum Kind: String, CaseIterable, Sendable {
        case memory, cpu, processes
    }

    /// Bytes; nil: as much as there is.
    public var memory: Int64?
    /// Whole processors, as 1.5; nil: as many as there are.
    public var cpu: Double?
    /// Processes and threads; nil: as many as the machine bears.
    public var processes: Int?

    public init(memory: Int64? = nil, cpu: Double? = nil, processes: Int? = nil) {
        (self.memory, self.cpu, self.processes) = (memory, cpu, processes)
    }

    /// With those of `outer` for what is not set, which nothing inside can exceed anyway.
    func filled(from outer: Limits) -> Limits {
        Limits(
            memory: memory ?? outer.memory, cpu: cpu ?? outer.cpu, processes: processes ?? outer.processes)
    }

    /// Those that are set.
    public var kinds: [Kind] {
        [memory == nil ? nil : .memory, cpu == nil ? nil : .cpu, processes == nil ? nil : .processes]
            .compactMap(\.self)
    }
}

extension Environment {
    /// Whether what people use comes before it where both want a processor.
    var yields: Bool { !isPromotedTo }

    /// Whether anything of it has a limit.
    var isLimited: Bool { limits != nil || services.contains { $0.limits != nil } }

    /// Every kind of limit that it sets somewhere.
    var limitedKinds: Set<Limits.Kind> {
        Set(([limits] + services.map(\.limits)).compactMap(\.self).flatMap(\.kinds))
    }
}
