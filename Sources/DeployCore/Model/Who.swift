/// Whose account a run is, as the machine knows it; a performer's name is only what somebody calls themselves.
public struct Who: Hashable, Codable, Sendable {
    /// A user of this machine.
    public struct Account: Hashable, Codable, Sendable {
        public var uid: UInt32
        /// In the password database; `uid 1234` where that does not know it.
        public var name: String

        public init(uid: UInt32, name: String) {
            self.uid = uid
            self.name = name
        }
    }

    /// Under which the process runs.
    public var account: Account
    /// Under which the processes above it began, before any `sudo` or `su`.
    public var person: Account
    /// Which the kernel was told when somebody was let in; nil where it was told nothing.
    public var login: Account?
    /// Who called `sudo`, where the processes or the login bear it out; nil without `sudo`.
    public var sudo: String?
    /// The controlling terminal, such as `/dev/pts/3`; nil without one.
    public var terminal: String?
    /// The far address of the ssh session the processes began in; nil without one.
    public var sshClient: String?
    /// Whether it was said in a user namespace, where an account has whatever number it wants; nil stands for no.
    var isMapped: Bool?
    /// What variables say and nothing bears out, such as `GITHUB_ACTOR=ada`; foreign text.
    public var claims: [String]

    public init(
        account: Account, person: Account? = nil, login: Account? = nil, sudo: String? = nil,
        terminal: String? = nil, sshClient: String? = nil, claims: [String] = []
    ) {
        self.account = account
        self.person = person ?? account
        self.login = login
        self.sudo = sudo
        self.terminal = terminal
        self.sshClient = sshClient
        self.claims = claims
    }

    /// Whether nothing can be said of whose account it was.
    var isNobodys: Bool { isMapped ?? false }

    /// Whether the two share an account, be it the one their processes began with or the one they were let in as.
    public func isSamePerson(as other: Who) -> Bool { !uids.isDisjoint(with: other.uids) }

    var uids: Set<UInt32> { Set([person.uid, login?.uid].compactMap(\.self)) }

    /// As a table shows it: `root`, or `ada as root`.
    public var short: String {
        person.uid == account.uid ? account.name : "\(person.name) as \(account.name)"
    }

    /// Everything, on one line.
    public var full: String {
        var parts = ["\(short) (uid \(account.uid))"]
        if let login, login.uid != person.uid { parts.append("logged in as \(login.name)") }
        if let sudo { parts.append("sudo by \(sudo)") }
        if let terminal { parts.append(terminal) }
        if let sshClient { parts.append("ssh from \(sshClient)") }
        if isNobodys { parts.append("in a user namespace") }
        return (parts + claims.map { "claims \($0)" }).joined(separator: ", ")
    }

    /// A performer's name with the account, where that says more.
    public static func label(_ performer: String, _ who: Who?) -> String {
        guard let who, who.short != performer else { return performer }
        return "\(performer) (\(who.short))"
    }
}
