/// Keeps the password of the database's administrator from every service but the database's own.
struct AdministratorsPassword {
    let file: ComposeFile
    /// Absolute path of the folder with the data services' secrets.
    let folder: String
    /// The database's own service; nil where its server is none of the project's.
    let database: String?

    private static let name = Environment.DatabaseSecret.admin

    /// - Throws: `.invalidDefinition` where `service` would get it, alone or with the whole folder.
    func refuse(_ tree: JSONTree, mounting mounts: [JSONTree], of service: String) throws(DeployError) {
        guard service != database else { return }
        for mount in mounts where mount["type"]?.text == "bind" {
            let source = ComposeText.plain(mount["source"]?.text ?? "")
            if source == "\(folder)/\(Self.name)" || source == folder || folder.begins(with: "\(source)/") {
                throw refusal("services.\(service).volumes")
            }
        }
        for kind in ["secrets", "configs"] {
            for part in tree[kind]?.items ?? [] {
                let name = part["source"]?.text ?? part.text ?? ""
                let path = ComposeText.plain(file.tree[kind]?[name]?["file"]?.text ?? "")
                guard name == Self.name || Path.name(path) == Self.name else { continue }
                throw refusal("services.\(service).\(kind)")
            }
        }
    }

    private func refusal(_ path: String) -> DeployError {
        file.refusal(
            path, "the administrator's password is for the database's own service only",
            next: "name the files that it needs, as ${DEPLOYCTL_SECRETS}/NAME")
    }
}
