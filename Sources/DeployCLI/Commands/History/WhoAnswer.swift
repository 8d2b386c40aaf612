import DeployCore

/// Whose account something was, in answers; the whole of it is null where an earlier version recorded it.
struct WhoAnswer: Encodable, Sendable {
    let account: String
    let uid: UInt32
    /// Before `sudo` or `su`.
    let person: String
    let personUid: UInt32
    @OrNull var login: String?
    @OrNull var loginUid: UInt32?
    @OrNull var sudo: String?
    @OrNull var terminal: String?
    @OrNull var sshClient: String?
    /// What variables say and nothing bears out.
    let claims: [String]

    init(_ who: Who) {
        (account, uid) = (who.account.name, who.account.uid)
        (person, personUid) = (who.person.name, who.person.uid)
        (login, loginUid) = (who.login?.name, who.login?.uid)
        (sudo, terminal, sshClient, claims) = (who.sudo, who.terminal, who.sshClient, who.claims)
    }
}
