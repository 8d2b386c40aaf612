import FoundationEssentials

/// The machine's own log, and what of an environment is called there.
struct LogTarget {
    let kind: Environment.LogRules.Target
    let environment: Environment

    /// nil where the definition names none.
    init?(_ environment: Environment) {
        guard let kind = environment.logRules.to else { return nil }
        (self.kind, self.environment) = (kind, environment)
    }

    /// By what lines of a log are found, such as `shop-production-web`; `log`: a service, or `access`, `edge`, `front`, `deployctl`.
    func tag(_ log: String) -> String { "\(environment.project)-\(environment.name)-\(log)" }

    /// How a person asks for what one service wrote.
    var question: String {
        let tag = tag(environment.services.first { $0.role == .app }?.name ?? "SERVICE")
        return switch kind {
        case .journal: "journalctl -t \(tag)"
        case .syslog: "grep \(tag) /var/log/syslog"
        }
    }

    func command(_ log: String) -> Command { LogTargetCommands.hand(on: tag(log), to: socket) }

    /// Where whoever takes the lines listens.
    var socket: String {
        switch kind {
        case .journal: "/run/systemd/journal/dev-log"
        case .syslog: "/dev/log"
        }
    }

    var name: String {
        switch kind {
        case .journal: "the journal"
        case .syslog: "syslog"
        }
    }

    /// How a person starts whoever takes the lines.
    var start: String {
        switch kind {
        case .journal: "systemctl start systemd-journald"
        case .syslog: "apt-get install rsyslog"
        }
    }
}
