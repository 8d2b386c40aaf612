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
        Command(
            "setpriv",
            ["--reuid", user, "--regid", group, "--init-groups", "--no-new-privs", "--"] + command.vector)
    }
}
