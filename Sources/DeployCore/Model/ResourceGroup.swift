/// Processes that the machine counts and limits together, inside of those of their environment.
public struct ResourceGroup: Hashable, Codable, Sendable {
    /// Letters, digits, dots and underscores: the project, the environment and where it lies, one of its kind on the machine.
    public var outer: String
    /// Letters, digits, dots, underscores and hyphens: one of its kind in the environment.
    public var name: String
    /// Of everything of the environment.
    public var environmentLimits: Limits
    public var limits: Limits
    /// Whether what people use comes before it where both want a processor; nil, as older versions wrote it: it does not.
    public var yields: Bool?
    /// Seconds that its processes have to end when the machine does; nil: as long as anything has.
    public var farewell: Double?

    /// Seconds; nothing holds a machine's end up for longer.
    public static let longestFarewell = 30.0

    /// The name of the one in which commands run that end; no service has such a name.
    public static let commands = "_commands"

    public init(
        outer: String, name: String, environmentLimits: Limits, limits: Limits, yields: Bool? = nil,
        farewell: Double? = nil
    ) {
        (self.outer, self.name, self.yields, self.farewell) = (outer, name, yields, farewell)
        (self.environmentLimits, self.limits) = (environmentLimits, limits)
    }

    /// Whether a limit is to be kept; what only yields runs also where it cannot.
    public var isLimited: Bool { !(limits.kinds + environmentLimits.kinds).isEmpty }
}

/// What the processes of a group take now, and the most they may.
public struct ResourceUse: Hashable, Sendable {
    /// Bytes; nil where that is not counted.
    public var memory: Int64?
    /// Processes and threads; nil where they are not counted.
    public var processes: Int?
    /// As the machine keeps them.
    public var limits: Limits
    /// How many of them were killed because there was no memory left for them.
    public var kills: Int

    public init(memory: Int64?, processes: Int?, limits: Limits, kills: Int) {
        (self.memory, self.processes, self.limits, self.kills) = (memory, processes, limits, kills)
    }
}
