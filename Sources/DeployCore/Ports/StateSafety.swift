/// What the state keeps for the day on which it is lost or damaged.
public protocol StateSafety: Sendable {
    /// Why the state cannot be used, so that what is read comes from its safe copy; nil where it can.
    ///
    /// - Throws: the same where there is no such copy either.
    func loss() throws(DeployError) -> DeployError?
    /// The same as far as it is known; nothing is opened for the answer.
    var knownLoss: DeployError? { get }
    /// Makes the safe copy anew where this process wrote anything.
    func keepCopy() throws(DeployError)
    /// Reads every page of the state, which opening a large one does once a day only.
    ///
    /// - Throws: `.needsPerson` when it is damaged.
    func requireWhole() throws(DeployError)
    /// Puts the safe copy in the place of a lost or damaged state, or an empty state where there is no copy, with those of
    /// the remains that it does not know; as a whole, or not at all.
    ///
    /// Names given out later are later than the newest of the remains. The damaged file is moved aside, never removed.
    func restore(with remains: StateRemains) throws(DeployError) -> StateRestoration
    /// The last time that the state was put together from what lay on disk, for each environment of which it was.
    func rebuildings() throws(DeployError) -> [Rebuilding]
}

/// What took the place of a state.
public struct StateRestoration: Hashable, Sendable {
    public enum Source: String, Encodable, Sendable {
        /// Nothing had to be done.
        case whole
        /// The safe copy of the last run that came to its end.
        case copy
        /// Nothing: what was known is lost.
        case empty
    }

    public var source: Source
    /// Absolute: where the damaged file lies now; nil where there was none.
    public var movedAside: String?
    /// What of the remains it did not know, oldest first.
    public var releases: [Timestamp] = []
    public var runs: [Timestamp] = []
    public var backups: [Timestamp] = []

    public init(source: Source, movedAside: String? = nil) {
        self.source = source
        self.movedAside = movedAside
    }
}

/// For a state that lives in memory.
extension StateSafety {
    public func loss() throws(DeployError) -> DeployError? { nil }
    public var knownLoss: DeployError? { nil }
    public func keepCopy() throws(DeployError) {}
    public func requireWhole() throws(DeployError) {}
    public func restore(with remains: StateRemains) throws(DeployError) -> StateRestoration {
        StateRestoration(source: .whole)
    }
    public func rebuildings() throws(DeployError) -> [Rebuilding] { [] }
}
