/// Tells from the processes above this one whether what began it has gone, as a hook does that leaves a
/// process behind.
///
/// A process whose parent ends is given to the first process of the machine, or to systemd. It cannot hide
/// that: it is in the session of a process that is not above it, or it leads a session that neither systemd
/// nor a daemon began.
enum Detachment {
    /// `lineage` begins with this process itself.
    ///
    /// What began before the project was there is nothing that a hook of it left behind: a runner that makes a clone of its
    /// own for each job, for instance.
    static func isDetached(_ lineage: [Relative], projectAge: () -> Double? = { nil }) -> Bool {
        guard !lineage.isEmpty, !lineage.contains(where: { $0.program == "atd" }) else { return true }
        guard let left = leftBehind(in: lineage) else { return false }
        guard left.age > 0, let age = projectAge() else { return true }
        return left.age < age + precision
    }

    /// Seconds; clocks of processes and of files tick differently.
    private static let precision = 2.0

    /// The nearest process whose starter has gone.
    private static func leftBehind(in lineage: [Relative]) -> Relative? {
        guard let process = lineage.first else { return nil }
        let own = lineage.prefix { $0.pid != process.session }.count
        for (index, relative) in lineage.enumerated() {
            let parent = index + 1 < lineage.count ? lineage[index + 1] : nil
            guard let parent else { continue }
            if process.hasTerminal, index >= own {
                // Windows and multiplexers outlive what opened them; what only feigns a terminal does not.
                let isWindow = index == own || !isTool(relative.program)
                if !isWindow, isCutOff(relative, from: parent) { return relative }
            } else if leads(relative) {
                if isLeft(relative, to: parent, by: process) { return relative }
            } else if relative.session != parent.session {
                return relative
            }
        }
        return nil
    }

    private static func isCutOff(_ relative: Relative, from parent: Relative) -> Bool {
        leads(relative)
            ? parent.pid == 1 || parent.program == "systemd" : relative.session != parent.session
    }

    private static func leads(_ relative: Relative) -> Bool { relative.session == relative.pid }

    /// Whether a session's leader was only left to `parent`, not begun by it.
    private static func isLeft(_ leader: Relative, to parent: Relative, by process: Relative) -> Bool {
        let isOurself = leader.pid == process.pid
        guard parent.program == "systemd" else {
            return parent.pid == 1 && (isOurself || !isDaemon(leader, of: parent, for: process))
        }
        // systemd starts services. What others started is in scopes; of a login's only the eldest, which
        // is the daemon that let the person in, was moved there from a service.
        if leader.unit == "init.scope" { return false }
        if leader.unit.ends(with: ".service") { return !leader.isEldestOfUnit }
        let isLogin = leader.unit.begins(with: "session-") && leader.isEldestOfUnit && leader.isRoot
        return !isLogin || isOurself || isTool(leader.program)
    }

    /// Without systemd: what no hook of this user can have left behind, whatever it calls itself.
    ///
    /// It is the superuser's, or it began with the machine, or its file is one that only the superuser may put there and is known to start
    /// what others ask for.
    private static func isDaemon(_ leader: Relative, of first: Relative, for process: Relative) -> Bool {
        if leader.isRoot, !process.isRoot { return true }
        if leader.age > 0, first.age - leader.age < timeOfStart { return true }
        return leader.isTrusted && !isTool(leader.program)
            || leader.isInstalled && starters.contains(leader.program)
    }

    /// Seconds in which the first process of a machine or a container starts the others.
    private static let timeOfStart = 5.0

    private static func isTool(_ program: String) -> Bool {
        let name = program.split(at: " ").first.map(String.init) ?? program
        if tools.contains(name) { return true }
        return interpreters.contains { interpreter in
            name.after(interpreter)?.holdsOnly("0123456789.-") ?? false
        }
    }

    private static let starters: Set<String> = [
        "cron", "crond", "anacron", "fcron", "sshd", "sshd-session", "dropbear", "dockerd", "containerd",
        "containerd-shim", "containerd-shim-runc-v2", "conmon", "runsvdir", "s6-svscan", "gitlab-runner",
        "buildkite-agent", "act_runner", "forgejo-runner", "woodpecker-agent",
    ]
    private static let tools: Set<String> = [
        "deployctl", "sh", "bash", "dash", "zsh", "ksh", "mksh", "fish", "csh", "tcsh", "busybox", "env",
        "setsid", "nohup", "timeout", "sleep", "nice", "ionice", "chrt", "taskset", "stdbuf", "xargs",
        "find", "make", "gmake", "flock", "watch", "unshare", "setpriv", "prlimit", "strace", "script",
        "expect", "coreutils", "time", "daemonize", "daemon", "socat", "ssh-agent",
    ]
    private static let interpreters = [
        "python", "perl", "ruby", "node", "nodejs", "php", "lua", "luajit", "tclsh", "gawk", "mawk", "awk",
        "guile", "deno", "bun", "pypy",
    ]
}
