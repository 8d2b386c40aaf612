/// Takes connections in for a service that takes none for a moment.
public protocol WaitingRooms: Sendable {
    /// Takes connections at the unix socket `path`, and passes each on to the first of `addresses` that takes one.
    ///
    /// nil where it cannot. Whoever found none within `patience` is let go unanswered.
    func open(at path: String, for addresses: [ServiceAddress], patience: Duration) -> (any WaitingRoom)?
}

/// Takes connections for as long as somebody holds it.
public protocol WaitingRoom: AnyObject, Sendable {}
