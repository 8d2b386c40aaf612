/// Tells from the processes above this one whether what began it has gone, as a hook does that leaves a
/// process behind.
///
/// A process whose parent ends is given to the first process of the machine, or to systemd. It cannot hide
/// that: it is in the session of a process that is not above it, or it leads a session that neither systemd
/// nor a daemon began.
enum Detachment {
    /// `lineage` begins with this process itself.
    ///
    /// What began before the repository was there is nothing that a hook of it left behind: a runner that makes a
    /// clone of its own for each job, for instance.
    static func isDetached(_ lineage: [Relative], repositoryAge: () -> Double? = { nil }) -> Bool {
        guard !lineage.isEmpty else { return true }
        guard let left = leftBehind(in: lineage) else { return false }
        guard left.age > 0, let age = repositoryAge() else { return true }
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
                let isWindow = index == own || !tools.contains(relative.program)
                if !isWindow, isCutOff(relative, from: parent) { return relative }
            } else if leads(relative) {
                if isLeft(relative, to: parent, isOurself: index == 0) { return relative }
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
    private static func isLeft(_ leader: Relative, to parent: Relative, isOurself: Bool) -> Bool {
        guard parent.program == "systemd" else {
            return parent.pid == 1 && (isOurself || isToolOfScripts(leader.program))
        }
        // systemd starts services. What others started is in scopes; of a login's only the eldest, which
        // is the daemon that let the person in, was moved there from a service.
        if leader.unit == "init.scope" { return false }
        if leader.unit.ends(with: ".service") { return !leader.isEldestOfUnit }
        let isLogin = leader.unit.begins(with: "session-") && leader.isEldestOfUnit
        return !isLogin || isOurself || isToolOfScripts(leader.program)
    }

    /// Without systemd nothing but its program tells a daemon from what a script left behind.
    private static func isToolOfScripts(_ program: String) -> Bool {
        let name = program.split(at: " ").first.map(String.init) ?? program
        if tools.contains(name) { return true }
        return interpreters.contains { interpreter in
            name.after(interpreter)?.holdsOnly("0123456789.-") ?? false
        }
    }

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
