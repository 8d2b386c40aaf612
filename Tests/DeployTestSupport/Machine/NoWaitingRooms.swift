@testable import DeployCore

/// A machine on which nobody can wait.
public struct NoWaitingRooms: WaitingRooms {
    public init() {}

    public func open(at path: String, for addresses: [ServiceAddress], patience: Duration)
        -> (any WaitingRoom)?
    { nil }
}
