/// A place of this machine that a container gets to see.
struct ComposeMount: Hashable {
    /// Absolute, without variables and links.
    var path: String
    var isWritable: Bool

    /// What every service of a complete file mounts of the machine, by service; files of secrets and configurations are
    /// mounted too.
    static func all(of document: JSONTree) -> [(service: String, mount: ComposeMount)] {
        (document["services"]?.members ?? [:]).sorted { $0.key < $1.key }.flatMap { service, tree in
            (binds(of: tree) + files(of: tree, in: document)).map { (service, $0) }
        }
    }

    private static func binds(of service: JSONTree) -> [ComposeMount] {
        (service["volumes"]?.items ?? []).filter { $0["type"]?.text == "bind" }.compactMap { mount in
            mount["source"]?.text.map {
                ComposeMount(path: ComposeText.plain($0), isWritable: mount["read_only"] != .bool(true))
            }
        }
    }

    private static func files(of service: JSONTree, in document: JSONTree) -> [ComposeMount] {
        ["secrets", "configs"].flatMap { kind in
            (service[kind]?.items ?? []).compactMap { item in
                (item["source"]?.text ?? item.text).flatMap { document[kind]?[$0]?["file"]?.text }
            }
        }.map { ComposeMount(path: ComposeText.plain($0), isWritable: false) }
    }

    /// Whether who has this mount could put a link on the way to the other.
    func leads(to other: ComposeMount) -> Bool {
        isWritable && path != other.path && ComposeGround.isBelow(other.path, path)
    }
}
