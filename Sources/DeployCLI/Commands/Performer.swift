import DeployCore
import Glibc

/// Who runs this, and what set it off.
struct Performer {
    let variables: [String: String]
    let commands: any CommandRunner
    let project: String

    /// `DEPLOYCTL_PERFORMER`, then what CI says, then git's user, then the account.
    var name: String {
        for key in ["DEPLOYCTL_PERFORMER", "GITHUB_ACTOR", "GITLAB_USER_NAME"] {
            if let value = variables[key], !value.isEmpty { return value }
        }
        let asked = commands.run(
            CommandRequest(Command("git", ["-C", project, "config", "user.email"]), deadline: .seconds(5)))
        let email = asked.output.filter { !$0.isNewline }
        if asked.succeeded, !email.isEmpty { return email }
        for key in ["SUDO_USER", "USER", "LOGNAME"] {
            if let value = variables[key], !value.isEmpty { return value }
        }
        return getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "user \(geteuid())"
    }

    /// Seconds since the project's repository was made here; nil where the file system does not say.
    static func repositoryAge(_ project: String, commands: any CommandRunner, clock: any WallClock) -> Double?
    {
        let asked = commands.run(
            CommandRequest(Command("stat", ["--format=%W", "--", "\(project)/.git"]), deadline: .seconds(5)))
        guard asked.succeeded, let made = Double(asked.output.filter { !$0.isWhitespace }), made > 0 else {
            return nil
        }
        return clock.now().timeIntervalSince1970 - made
    }

    /// `hook`, `detached`, `ci`, `terminal` or `script`; git sets `GIT_INDEX_FILE` or `GIT_DIR` for its hooks.
    ///
    /// No variable makes a hook or what it left behind anything better.
    static func trigger(
        _ variables: [String: String], lineage: [Relative], canAsk: Bool,
        repositoryAge: () -> Double? = { nil }
    ) -> String {
        if variables["DEPLOYCTL_TRIGGER"] == "hook" || variables["GIT_INDEX_FILE"] != nil
            || variables["GIT_DIR"] != nil || HookAncestry.isHook(lineage)
        {
            return "hook"
        }
        if Detachment.isDetached(lineage, repositoryAge: repositoryAge) { return "detached" }
        if !(variables["CI"] ?? "").isEmpty { return "ci" }
        return canAsk ? "terminal" : "script"
    }
}
