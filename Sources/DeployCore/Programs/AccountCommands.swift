/// Starts programs as another account; data only.
enum AccountCommands {
    /// A program of the project, as an environment with this account starts it; nil: as deployctl itself.
    ///
    /// Where deployctl runs as that account already the program is started as it is.
    static func call(_ command: Command, as user: String?) -> ProgramCall {
        guard let user else { return ProgramCall(command) }
        return ProgramCall(start(command, as: user, group: "{group}"), or: [command])
    }

    /// The program with the account's groups, and no way to more rights.
    static func start(_ command: Command, as user: String, group: String) -> Command {
        AccountCommand(user: user, group: group, command: command).typed
    }
}

/// A command of another account, which is written as what a person would type for it.
///
/// No such program is started: whoever starts it takes the account itself, so that nothing foreign runs with the
/// command's variables while it has more rights than the account.
public struct AccountCommand: Hashable, Sendable {
    /// A name of the password database.
    public let user: String
    /// A name of the group database.
    public let group: String
    public let command: Command

    public init(user: String, group: String, command: Command) {
        (self.user, self.group, self.command) = (user, group, command)
    }

    /// Reads what `typed` wrote; nil for any other command.
    public init?(_ typed: Command) {
        let words = typed.arguments
        guard words.count > 7, let command = Command(vector: Array(words.dropFirst(7))) else { return nil }
        self.init(user: words[1], group: words[3], command: command)
        guard self.typed == typed else { return nil }
    }

    /// As a person would type it.
    public var typed: Command {
        Command(
            "setpriv",
            ["--reuid", user, "--regid", group, "--init-groups", "--no-new-privs", "--"] + command.vector)
    }
}
