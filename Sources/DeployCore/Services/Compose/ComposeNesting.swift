/// Mounts that begin inside another one.
///
/// Who may write a folder could put a link where another mount begins, and the engine would follow it when it starts that
/// container again.
struct ComposeNesting {
    private let unit: ComposeUnit
    private let places: [String]

    init(_ unit: ComposeUnit) {
        self.unit = unit
        let services = (unit.environment.appServices + unit.environment.dataServices).compactMap {
            unit.file.service($0.name)
        }
        let mounts = services.flatMap { $0["volumes"]?.items ?? [] }.filter { $0["type"]?.text == "bind" }
        let files = ["secrets", "configs"].flatMap {
            unit.file.tree[$0]?.members.values.map { $0["file"] } ?? []
        }
        places = (mounts.map { $0["source"] } + files).compactMap { $0?.text }
    }

    /// The mount as nobody can misuse it: of the release read-only where another begins inside it.
    ///
    /// - Throws: `.invalidDefinition` where it belongs to no release, and writing there is what it is for.
    func sealed(_ mount: JSONTree, of service: String) throws(DeployError) -> JSONTree {
        guard mount["type"]?.text == "bind", mount["read_only"] != .bool(true),
            let outer = mount["source"]?.text,
            let inner = places.first(where: { $0 != outer && ComposeGround.isBelow($0, outer) })
        else { return mount }
        guard ComposeGround.isBelow(outer, unit.file.ground.release) else {
            throw unit.file.refusal(
                "services.\(service).volumes",
                "\(Shown.text(inner, limit: 200)) is mounted too, and lies in \(Shown.text(outer, limit: 200)), which the service may write",
                next: "mount the outer one read-only, or folders beside each other")
        }
        var mount = mount
        mount["read_only"] = .bool(true)
        return mount
    }
}
