/// What is typed to systemd; data only.
struct SystemdCommands {
    /// Whether it is the manager of the user and not of the machine.
    let ofUser: Bool

    private func systemctl(_ words: String...) -> Command {
        Command("systemctl", (ofUser ? ["--user"] : []) + words)
    }

    var show: Command { systemctl("show-environment") }
    var reload: Command { systemctl("daemon-reload") }
    /// `stopping` while the machine goes down.
    var state: Command { systemctl("is-system-running") }

    /// Whether what ends now ends because the machine does; false where systemd is not.
    static func machineGoesDown(_ commands: any CommandRunner) -> Bool {
        let request = CommandRequest(SystemdCommands(ofUser: false).state, deadline: .seconds(5))
        return commands.run(request).output.trimmed == "stopping"
    }

    func enable(_ unit: String) -> Command { systemctl("enable", unit) }
    func restart(_ unit: String) -> Command { systemctl("restart", unit) }
    func disable(_ unit: String) -> Command { systemctl("disable", "--now", unit) }
    func isEnabled(_ unit: String) -> Command { systemctl("is-enabled", unit) }

    /// So that the user's manager runs without a session, from when the machine starts.
    static func linger(_ user: String) -> Command { Command("loginctl", ["enable-linger", user]) }
    /// Prints `Linger=yes` where it does.
    static func lingers(_ user: String) -> Command {
        Command("loginctl", ["show-user", user, "--property", "Linger"])
    }
}
