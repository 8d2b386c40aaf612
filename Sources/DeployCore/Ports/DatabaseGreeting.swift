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

extension DatabasePlacing {
    /// What keeps the application out of its database now; nil where nothing does, and for an engine without a server.
    ///
    /// `location`: nil where the database is made later. A machine that is too busy to answer is no fault of the database's.
    func complaint(at location: DatabaseLocation?, asking commands: any CommandRunner) throws(DeployError)
        -> DeployError?
    {
        guard let greeting = try greeting(location) else { return nil }
        return greeting.complaint(after: commands.run(greeting.request))
    }
}

extension DatabaseGreeting {
    /// Whether the server lets nobody in for now because it serves as many as it can, who may be the application itself.
    public static func isCrowd(_ error: DeployError) -> Bool {
        [
            "too many clients", "oo many connections", "remaining connection slots", "max_user_connections",
        ].contains { error.why.holds($0) }
    }

    /// What keeps the application out; nil where nothing does, and where the machine was too busy to answer.
    func complaint(after result: CommandResult) -> DeployError? {
        result.ending == .timedOut ? nil : complaint(result)
    }
}
