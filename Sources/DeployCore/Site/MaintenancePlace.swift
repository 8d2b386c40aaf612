import FoundationEssentials

/// What the edge looks at with each request, so that nothing is reloaded: it lies there as long as an environment is
/// being worked on, whatever is deployed, restarted or started meanwhile.
struct MaintenancePlace {
    let layout: Layout

    private var folder: String { "\(layout.edge)/maintenance" }
    /// While it is there, visitors see the page.
    var record: String { "\(folder)/record.json" }
    /// Where the page lies.
    var pages: String { "\(folder)/page" }
    static let page = "index.html"
    /// A file here is the address of a visitor who sees the application.
    var allowed: String { "\(folder)/allowed" }

    func present(_ files: any FileStore) -> Maintenance? {
        guard let data = (try? files.read(record)) ?? nil else { return nil }
        return try? JSONDecoder().decode(Maintenance.self, from: data)
    }

    /// `page`: what visitors see, as HTML.
    func begin(_ maintenance: Maintenance, page: Data, at site: Site) throws(DeployError) {
        let files = site.ports.files
        for folder in [layout.edge, folder, pages, allowed] { try files.makeFolder(folder) }
        for name in files.names(in: allowed) where !maintenance.allowed.contains(where: { $0 == name }) {
            try files.remove("\(allowed)/\(name)")
        }
        for address in maintenance.allowed { try files.publish(Data(), to: "\(allowed)/\(address)") }
        try files.publish(page, to: "\(pages)/\(Self.page)")
        try AccountFolders(site: site).open(pages: folder)
        try files.publish(try JSON.data(maintenance), to: record)
    }

    func end(_ files: any FileStore) throws(DeployError) {
        try files.remove(record)
        try files.remove(folder)
    }
}
