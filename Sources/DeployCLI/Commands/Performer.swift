import DeployCore

/// What whoever runs this is called; only `Who` says whose account it is.
struct Performer {
    let variables: [String: String]
    let commands: any CommandRunner
    let project: String
    let account: String

    /// `DEPLOYCTL_PERFORMER`, then what CI says, then git's user, then the account.
    var name: String {
        for key in ["DEPLOYCTL_PERFORMER", "GITHUB_ACTOR", "GITLAB_USER_NAME"] {
            if let value = variables[key], !value.isEmpty { return value }
        }
        let asked = commands.run(
            CommandRequest(Command("git", ["-C", project, "config", "user.email"]), deadline: .seconds(5)))
        let email = String(asked.output.trimmed)
        if asked.succeeded, !email.isEmpty { return email }
        for key in ["SUDO_USER", "USER", "LOGNAME"] {
            if let value = variables[key], !value.isEmpty { return value }
        }
        return account
    }
}
