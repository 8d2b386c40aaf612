/// Finds out whose account this run is.
public struct WhoFinder: Sendable {
    let witness: any Witness
    /// Begins with this process itself.
    let lineage: [Relative]
    /// Of this process; claims, unless something bears them out.
    let variables: [String: String]

    public init(witness: any Witness, lineage: [Relative], variables: [String: String]) {
        self.witness = witness
        self.lineage = lineage
        self.variables = variables
    }

    public var who: Who {
        let own = account(witness.user)
        // Services and the machine's first process are root's; what is farthest up and is not is the person's.
        let person = account(lineage.last { $0.user != 0 }?.user ?? witness.user)
        var who = Who(
            account: own, person: person, login: witness.loginUser.map(account), terminal: witness.terminal)
        if !witness.knowsUsers { who.isMapped = true }
        settleSudo(&who)
        settleSSH(&who)
        for name in ["GITHUB_ACTOR", "GITLAB_USER_LOGIN", "GITLAB_USER_NAME"] { claim(name, &who) }
        return who
    }

    private func account(_ user: UInt32) -> Who.Account {
        Who.Account(uid: user, name: witness.name(of: user) ?? "uid \(user)")
    }

    private func settleSudo(_ who: inout Who) {
        guard let name = variables["SUDO_USER"] else { return }
        let proved = [who.person, who.login].compactMap(\.self).filter { $0.uid != who.account.uid }
        if proved.contains(where: { $0.name == name }) { who.sudo = name } else { claim("SUDO_USER", &who) }
    }

    /// What the ssh daemon began has the session's address in its environment from the start.
    private func settleSSH(_ who: inout Who) {
        let daemon = lineage.firstIndex { $0.program.begins(with: "sshd") }
        let first = daemon.flatMap { $0 > 0 ? lineage[$0 - 1] : nil }
        let connection = first.flatMap { witness.variable("SSH_CONNECTION", of: $0.pid) }
        if let client = connection?.words.first {
            who.sshClient = Shown.text(String(client))
        } else {
            claim("SSH_CONNECTION", &who)
        }
    }

    private func claim(_ name: String, _ who: inout Who) {
        guard let value = variables[name], !value.isEmpty else { return }
        who.claims.append("\(name)=\(Shown.text(value))")
    }
}
