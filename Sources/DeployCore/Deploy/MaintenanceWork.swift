import FoundationEssentials

/// Has an environment's visitors see a page, and the application again.
public struct MaintenanceWork: Sendable {
    private let deployer: Deployer
    private let site: Site

    /// `name`: of an environment that is defined, or deployed.
    public init(_ deployer: Deployer, environment name: String) throws(DeployError) {
        self.deployer = deployer
        let facts = try deployer.facts(of: try deployer.deployedDefinitions.load(name))
        site = deployer.workspace.site(facts.environment)
    }

    private var name: String { site.environment.name }
    private var place: MaintenancePlace { MaintenancePlace(layout: site.layout) }

    /// nil: visitors see the application.
    public var present: Maintenance? { place.present(site.ports.files) }

    /// From now on only visitors from these addresses see the application.
    ///
    /// - Throws: `.usage` for what is no address; `.invalidDefinition` where no nginx stands in front.
    public func begin(allowing addresses: [String], because reason: String?) throws(DeployError)
        -> Maintenance
    {
        try deployer.refuseHook(in: name)
        try refuseWithoutEdge()
        var allowed: [String] = []
        for address in addresses {
            guard let written = AddressText.written(address) else {
                throw DeployError(
                    .usage, what: "\(Shown.text(address)) is no address",
                    why: "--allow takes one IPv4 or IPv6 address, such as 203.0.113.9",
                    next: "deployctl maintenance on \(name) --allow 203.0.113.9")
            }
            allowed.append(written)
        }
        let maintenance = Maintenance(
            performer: deployer.origin.performer, since: present?.since ?? site.ports.clock.now(),
            reason: reason, allowed: allowed + own)
        var entry = deployer.audit.entry(.maintenance, in: name)
        entry.reason = reason
        try deployer.audit.record(entry)
        try place.begin(maintenance, page: try page(), at: site)
        return maintenance
    }

    /// Visitors see the application again; what they did not see it because of, nil where they did.
    public func end(because reason: String?) throws(DeployError) -> Maintenance? {
        guard let present else { return nil }
        try deployer.refuseHook(in: name)
        var entry = deployer.audit.entry(.endMaintenance, in: name)
        entry.reason = reason
        try deployer.audit.record(entry)
        try place.end(site.ports.files)
        return present
    }

    /// Where deployctl asks at the public ports, it is this machine itself that has to see the application.
    private var own: [String] { site.environment.isAskedInside ? [] : ["127.0.0.1"] }

    private func refuseWithoutEdge() throws(DeployError) {
        guard site.environment.runtime.strategy == .blueGreen, site.environment.isReached else {
            throw DeployError(
                .invalidDefinition, what: "\(name) has no edge that could show a page",
                why: "its services hold the ports themselves, or it has none",
                next:
                    "write \"strategy\": \"blue-green\" in \"runtime\" and deploy, or: deployctl stop \(name)"
            )
        }
        let file = Nginx.file(in: site.layout.edge)
        guard let data = try site.ports.files.read(file),
            !String(decoding: data, as: UTF8.self).holds(place.record)
        else { return }
        throw DeployError(
            .gateRefused, what: "The edge of \(name) does not know the page yet",
            why: "it was opened by an earlier version of deployctl", next: "deployctl restart \(name)")
    }

    /// The release's own page for status 503, where it has one.
    private func page() throws(DeployError) -> Data {
        let own = "\(ErrorPages.folder(in: site.layout.currentInstance))/503.html"
        return try site.ports.files.read(own) ?? Data(Self.plain.utf8)
    }

    private static let plain = """
        <!doctype html>
        <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>Be right back</title>
        <style>body{font:1.1em/1.5 system-ui,sans-serif;max-width:30em;margin:20vh auto;padding:0 1em}</style>
        <h1>Be right back</h1>
        <p>This site is being worked on. Please try again in a few minutes.</p>
        </html>

        """
}
