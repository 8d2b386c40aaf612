/// The unit by which systemd starts a project's keeper when the machine starts, and again when it ends.
struct BootUnit: Hashable {
    let project: String
    /// Absolute path of the project's folder.
    let folder: String
    /// Absolute path of deployctl.
    let program: String
    let ofUser: Bool

    static let mark = "# Written by deployctl boot install."

    var name: String { "deployctl-\(project).service" }

    /// Where a user's manager looks for it; `home`: the user's home folder, absolute.
    func path(ofUserAt home: String) -> String { "\(home)/.config/systemd/user/\(name)" }

    /// The folder it keeps, as the unit's text names it.
    var keeps: String { "# Keeps \(SystemdText.line(folder))" }

    /// Services that the keeper starts belong to the project, not to the keeper: they stay when it is started anew.
    var text: String {
        let command = [program, "--project", folder, "boot", "run"].map(SystemdText.quoted).joined(
            separator: " ")
        return """
            \(Self.mark)
            \(keeps)
            [Unit]
            Description=What deployctl keeps running for \(SystemdText.line(project))
            After=network-online.target docker.service postgresql.service mariadb.service mysql.service redis-server.service
            Wants=network-online.target
            StartLimitIntervalSec=0

            [Service]
            ExecStart=\(command)
            Restart=always
            RestartSec=1
            KillMode=process
            TimeoutStopSec=60
            UMask=0077

            [Install]
            WantedBy=\(ofUser ? "default.target" : "multi-user.target")

            """
    }
}
