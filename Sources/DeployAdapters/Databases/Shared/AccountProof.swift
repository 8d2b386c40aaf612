import DeployCore

/// Whether the password of a definition is what opens an account of its server.
extension ServerAccess {
    /// `logIn` gives the account's whole name on the server, or throws what keeps it out.
    ///
    /// - Returns: that name; nil where a password that nobody set opens it as well, so that nothing is proved.
    /// - Throws: what `logIn` throws with the definition's own password.
    func proved(_ logIn: (ServerAccess) throws(DeployError) -> String) throws(DeployError) -> String? {
        let name = try logIn(self)
        let wrong = ServerAccess(
            layout, clients: clients, commands: commands, secrets: WrongPassword(), files: files)
        return (try? logIn(wrong)) == nil ? name : nil
    }
}

extension DatabaseAccounts.Role {
    var access: ServerAccess.Role { self == .admin ? .admin : .application }
}

/// A password that was never given to anybody, whatever is asked for.
private struct WrongPassword: SecretStore {
    func fetch(_ source: SecretSource, named name: String) -> Secret { Secret(RandomWord.make()) }
}
