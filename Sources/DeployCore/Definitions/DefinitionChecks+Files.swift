extension DefinitionChecks {
    /// A linked file stands where nothing of the release, of a shared folder or of deployctl's own does.
    mutating func checkFiles() {
        let files = tree["files"]?.members ?? []
        if usesComposeFile, let first = files.first {
            return refuse(
                at: first.location, DefinitionPath.key(first.key, in: "files"),
                "is a link, which leads nowhere inside a container",
                "name the file under \"secrets\" here, and mount that one in the Compose file, with \"target\" where it shall lie"
            )
        }
        for file in files {
            let path = DefinitionPath.key(file.key, in: "files")
            if let place = reserved(file.key) {
                refuse(at: file.location, path, place, "link it to another path")
            } else if let other = files.first(where: { file.key.begins(with: "\($0.key)/") }) {
                refuse(
                    at: file.location, path, "lies in \"\(Shown.text(other.key))\", which is a linked file",
                    "remove one of the two")
            }
        }
    }

    /// Why nothing can be linked there; nil where something can.
    private func reserved(_ path: String) -> String? {
        func touches(_ other: String) -> Bool {
            path == other || path.begins(with: "\(other)/") || other.begins(with: "\(path)/")
        }
        if touches("REVISION") || touches(".git") { return "is a name deployctl or git uses itself" }
        if let folder = tree["shared"]?.texts.first(where: touches) {
            return "collides with \"\(Shown.text(folder))\", which is a shared folder"
        }
        if let folder = tree["migrations"]?["directory"]?.text, touches(folder) {
            return "collides with the migrations, which are part of the release"
        }
        return nil
    }
}
