/// What keeps a TCP port of this machine from being taken.
public enum PortUse: Hashable, Sendable {
    /// Nothing.
    case free
    /// A program listens on it, be it one that may not be seen.
    case listening
    /// Nobody listens, and connections of who did are still ending: only a program that asks to reuse addresses gets it.
    case lingering
}
