import DeployCore

/// Logs in as an account of the definition and asks the server which of its accounts that is.
struct MySQLProof {
    let access: ServerAccess
    let role: DatabaseAccounts.Role

    /// `user@host`, as the server writes it; nil where a password proves nothing.
    ///
    /// - Throws: `.stepFailed` where the server does not let it in, or lets it in as somebody else, such as nobody.
    func account() throws(DeployError) -> String? {
        try access.proved { access throws(DeployError) in
            let server = MySQLServer(access)
            let account = try server.query("SELECT CURRENT_USER();", as: role.access).first?.first ?? ""
            let user = access.user(role.access) ?? ""
            guard account.cutLast(at: "@")?.before.utf8.elementsEqual(user.utf8) == true else {
                throw DeployError(
                    .stepFailed, what: "The database server lets \(user) in as somebody else",
                    why: "to the server it is \(account)", next: "deployctl doctor")
            }
            return account
        }
    }
}
