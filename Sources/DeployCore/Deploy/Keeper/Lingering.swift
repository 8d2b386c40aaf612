/// Whether a keeper that a user's manager started goes on when nobody is logged in.
struct Lingering {
    let ports: Ports

    /// The account whose manager ends with its last session, and the keeper and all it started with it; nil where none
    /// does.
    func lacking(for project: String, in folder: String) -> String? {
        let files = ports.files
        guard !ports.processes.runsAsRoot, files.kind(of: "/run/systemd/system") != nil,
            let account = ports.witness.name(of: ports.processes.user).flatMap(ports.processes.account)
        else { return nil }
        let unit = BootUnit(project: project, folder: folder, program: "", ofUser: true)
        guard files.kind(of: unit.path(ofUserAt: account.home)) != nil,
            files.kind(of: "/var/lib/systemd/linger/\(account.name)") == nil
        else { return nil }
        return account.name
    }
}
