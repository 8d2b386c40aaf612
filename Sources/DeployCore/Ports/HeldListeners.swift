/// Sockets that go on listening, with whoever waits at them, as long as this value is kept.
public protocol HeldListeners: AnyObject, Sendable {
    /// One for each socket.
    var places: [ListeningPlace] { get }
}

/// Where a socket listens.
public enum ListeningPlace: Hashable, Sendable {
    /// A TCP port, at whichever address.
    case port(Int)
    /// The path of a unix socket, as it was bound.
    case socket(String)
}
