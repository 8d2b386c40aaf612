/// One thing somebody did, as the audit log keeps it: before it is done, or how it ended.
public struct AuditEntry: Hashable, Codable, Sendable {
    /// What is done; the words are kept for ever.
    public enum Act: String, CaseIterable, Codable, Sendable {
        case deploy, promote, rollback, start, stop, restart, backup, restore, rehearsal, copy, feature
        case resume, abort
        /// An interrupted run is settled before the next one.
        case settle
        case approve, veto, clear, hold, pin, unpin, prune, verify, exec
        case endHold = "end_hold"
        /// Visitors are shown a page, and the application again.
        case maintenance
        case endMaintenance = "end_maintenance"
        case console = "db"
        /// A hook of git is written.
        case hook
        /// What keeps services running is set up or taken away.
        case boot
        /// A certificate is renewed, or one that lies there is taken up.
        case certificate
        /// Somebody looks after what others are told of.
        case answer
        /// A secret gets a value, or loses it; which is never written down.
        case setSecret = "set_secret"
        case removeSecret = "remove_secret"
        /// The project is packed for another machine, brought up from that, or that is tried.
        case createKit = "create_kit"
        case adoptKit = "adopt_kit"
        case drillKit = "drill_kit"
        /// A plan is proposed to whoever may confirm it; the subject is its id.
        case propose
        /// The state is put together again from what lies on disk; the subject says from what.
        case rebuild
        /// Accounts, rights and a database are made on its server.
        case prepare
    }

    /// RFC 3339, UTC.
    public var at: String
    public var act: Act
    /// nil for what concerns a release wherever it runs.
    public var environment: String?
    /// nil for what is about none.
    public var release: Timestamp?
    /// The deployment it belongs to; nil for what is no run.
    public var run: Timestamp?
    /// What it is done to: a checklist's item, a backup, a service, a program; nil for the whole environment.
    public var subject: String?
    /// The command as it was typed, without answers, reasons and the words of a program.
    public var command: [String]
    public var performer: String
    /// Whose account it was; nil where nobody looked.
    public var who: Who?
    public var trigger: Trigger
    /// Digest of the signature that is given; nil for any other act.
    var signature: String?
    /// As it was given; nil without one.
    public var reason: String?
    /// How it ended; nil for an act, which is recorded before it is done.
    public var outcome: String?

    /// An act of whoever asked, now at `at`.
    init(_ act: Act, by origin: Origin, at: String) {
        (self.act, self.at) = (act, at)
        (performer, who, trigger, reason) = (origin.performer, origin.who, origin.trigger, origin.reason)
        command = origin.command
    }
}

extension AuditEntry.Act {
    init(_ kind: Deployment.Kind) {
        self =
            switch kind {
            case .deploy: .deploy
            case .promote: .promote
            case .rollback: .rollback
            case .start: .start
            case .stop: .stop
            case .restart: .restart
            case .backup: .backup
            case .restore: .restore
            case .rehearsal: .rehearsal
            case .copy: .copy
            case .feature: .feature
            }
    }
}
