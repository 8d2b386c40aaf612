import DeployCore

/// Logs in as a role of the definition.
struct PostgreSQLProof {
    let access: ServerAccess
    let role: DatabaseAccounts.Role

    /// The role's name; nil where a password proves nothing.
    ///
    /// - Throws: `.stepFailed` where the server does not let it in.
    func account() throws(DeployError) -> String? {
        try access.proved { access throws(DeployError) in
            let server = PostgreSQLServer(access)
            do throws(DeployError) { return try user(in: PostgreSQLServer.maintenance, of: server) } catch {
                // A role may be let into its own database alone.
                guard let live = access.definition?.name,
                    let user = try? user(in: live, of: server)
                else { throw error }
                return user
            }
        }
    }

    private func user(in database: String, of server: PostgreSQLServer) throws(DeployError) -> String {
        try server.answers(
            to: "SELECT json_build_array('user', session_user::text);", in: database, as: role.access
        ).first?.last.flatMap(\.self) ?? ""
    }
}
