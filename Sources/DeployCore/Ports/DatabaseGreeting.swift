/// One question of one program: whether the application gets its database from the server.
public struct DatabaseGreeting: Sendable {
    /// With a deadline of its own; nothing is changed by it.
    public var request: CommandRequest
    /// What keeps the application out, by what became of the program; nil where nothing does.
    public var complaint: @Sendable (CommandResult) -> DeployError?

    public init(_ request: CommandRequest, complaint: @escaping @Sendable (CommandResult) -> DeployError?) {
        self.request = request
        self.complaint = complaint
    }
}
