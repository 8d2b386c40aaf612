import FoundationEssentials

/// Where the lobby of one account and one pair of ports lies.
///
/// The superuser's is in a folder that nobody else can write to; every other account has its own at home.
struct LobbyPlace: Hashable, Sendable {
    /// Absolute path.
    let folder: String

    /// - Throws: `.stepFailed` for an account without a home.
    init(_ ports: Ports, http: Int, https: Int) throws(DeployError) {
        let name = "\(http)-\(https)"
        guard !ports.processes.runsAsRoot else {
            folder = "\(Self.ofRoot)/\(name)"
            return
        }
        guard
            let account = ports.witness.name(of: ports.processes.user).flatMap(ports.processes.account)
        else {
            throw DeployError(
                .stepFailed, what: "Names cannot be shared", why: "this user has no home folder",
                next: "deployctl doctor")
        }
        folder = "\(account.home)/.local/state/deployctl/lobby/\(name)"
    }

    /// The place an environment's names are asked for; nil where it has none.
    init?(_ site: Site) throws(DeployError) {
        guard !site.environment.hosts.isEmpty else { return nil }
        let shared = site.environment.sharedPorts
        try self.init(site.ports, http: shared.http, https: shared.https)
    }

    static let ofRoot = "/var/lib/deployctl/lobby"

    var file: String { Nginx.file(in: folder) }
    var candidate: String { "\(folder)/candidate.conf" }
    var lock: String { "\(folder)/lock" }
    var tenants: String { "\(folder)/tenants" }
    func tenant(_ id: String) -> String { "\(tenants)/\(id).json" }
    /// Whom it leaves out, and why, by id.
    var leftOut: String { "\(folder)/left-out.json" }
    /// While it is there, each answer of the configuration closes its connection.
    func closing(_ generation: String) -> String { "\(folder)/\(Self.closing)\(generation)" }
    static let closing = "closing-"

    private var doorFolder: String { "\(folder)/doors" }
    func doors(of id: String) -> LobbyDoors {
        LobbyDoors(plain: "\(doorFolder)/\(id)-plain.sock", secure: "\(doorFolder)/\(id)-secure.sock")
    }

    /// At which an edge answers an authority that asks for names which are not let in yet.
    func askedDoor(of layout: Layout) -> String { doors(of: Tenant.id(of: layout, isAsked: true)).plain }

    /// Makes it; nobody but the lobby's own workers gets to the doors.
    func prepare(at site: Site) throws(DeployError) {
        let files = site.ports.files
        for folder in [folder, tenants, doorFolder] { try files.makeFolder(folder) }
        try files.refuseStranger(on: tenants)
        guard let worker = site.ownAccountOfNginx else { return }
        for above in [Path.parent(Path.parent(folder)), Path.parent(folder)] {
            try files.grant(.passageForAll, at: above)
        }
        for folder in [folder, doorFolder] { try files.grant(.passage(worker), at: folder) }
    }
}

/// The unix sockets of an edge at which only the lobby asks.
struct LobbyDoors: Hashable, Sendable {
    /// For what came without TLS.
    let plain: String
    /// For what came with TLS, which ends at the lobby.
    let secure: String
}
