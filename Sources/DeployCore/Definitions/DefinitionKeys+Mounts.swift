extension DefinitionKeys {
    static let mounts = Key(
        "mounts", .map(keys: .containerPath, values: .text(.sharedPath)),
        "Compose: shared folders that are mounted instead of folders of the machine, by the place in the container."
    )
}

extension TextRule {
    static let containerPath = TextRule(
        expectation: "an absolute path in the container without a slash at its end, such as \"/data\"",
        pattern: "^(/[^/\\u0000-\\u001f\\u007f\\\\]+)+$", example: "/data"
    ) { text in
        let parts = text.split(at: "/", keepsEmpty: true).dropFirst()
        return text.begins(with: "/") && !parts.contains { ["", ".", ".."].contains($0) }
            && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }
    }
}

extension DefinitionChecks {
    /// What a service keeps there outlives releases and can be backed up, as only shared folders do.
    mutating func checkMounts(of service: Located.Member, _ path: String) {
        guard let mounts = service.value["mounts"] else { return }
        let role = service.value["role"]?.text
        guard usesComposeFile, role != "edge" else {
            return refuse(
                mounts, "\(path).mounts",
                usesComposeFile ? "has no meaning for an edge service" : "has a meaning for containers only",
                "remove it")
        }
        let shared = tree["shared"]?.texts ?? []
        for mount in mounts.members {
            guard let folder = mount.value.text,
                !shared.contains(where: { folder == $0 || folder.begins(with: "\($0)/") })
            else { continue }
            refuse(
                mount.value, DefinitionPath.key(mount.key, in: "\(path).mounts"),
                "\"\(Shown.text(folder, limit: 200))\" lies in none of the shared folders",
                "add \"\(Shown.text(folder, limit: 200))\" to \"shared\"")
        }
    }
}
