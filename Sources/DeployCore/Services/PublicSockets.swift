/// Where the edge asks an instance for visitors.
struct PublicSockets {
    let site: Site

    func paths(of id: String) -> [String] {
        let folder = site.layout.instance(id)
        return site.ports.files.names(in: folder).filter {
            $0.ends(with: ".sock") && !$0.begins(with: "app-") && !$0.begins(with: "inner")
        }
        .map { "\(folder)/\($0)" }
    }

    /// How many are open.
    func connections(to id: String) -> Int {
        paths(of: id).reduce(0) { $0 + site.ports.processes.connections(toSocket: $1) }
    }
}
