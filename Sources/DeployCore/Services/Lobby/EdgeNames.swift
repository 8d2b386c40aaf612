import FoundationEssentials

/// The names of an environment, let in by the lobby as long as the edge is open.
struct EdgeNames {
    let context: StepContext

    private var files: any FileStore { context.ports.files }
    private var layout: Layout { context.layout }
    /// What the lobby was told last, for when the definition has changed.
    private var record: String { "\(layout.edge)/tenant.json" }
    /// The same before this deployment; empty where there was none.
    private var replaced: String { "\(layout.edge)/tenant-before-\(context.plan.timestamp).json" }

    private var present: Tenant? { Self.present(context.site) }

    /// What the lobby was told last; nil where nothing was.
    static func present(_ site: Site) -> Tenant? {
        let data = (try? site.ports.files.read("\(site.layout.edge)/tenant.json")) ?? nil
        return data.flatMap { try? JSONDecoder().decode(Tenant.self, from: $0) }
    }

    /// Whether visitors by name get another certificate than lies there, and nothing else differs.
    static func isBehind(at site: Site) -> Bool {
        guard var told = present(site), let wanted = (try? Tenant(site)) ?? nil, told != wanted else {
            return false
        }
        told.certificate = wanted.certificate
        return told == wanted
    }

    /// Makes the folder of the doors, at which the edge is about to listen.
    func prepare() throws(DeployError) { try LobbyPlace(context.site)?.prepare(at: context.site) }

    /// Removes doors that a killed edge left and nobody listens at.
    func clear(but held: [ListeningPlace]) throws(DeployError) {
        guard let place = try LobbyPlace(context.site) else { return }
        let doors = place.doors(of: Tenant.id(of: layout))
        for door in [doors.plain, doors.secure, place.askedDoor(of: layout)]
        where !held.contains(.socket(door)) {
            try files.remove(door)
        }
    }

    /// Has the lobby let visitors in by the names of the definition, and by no others; says what was done, nil where
    /// there are none and never were.
    func take() throws(DeployError) -> String? {
        let (before, wanted) = (present, try Tenant(context.site))
        guard before != nil || wanted != nil else { return nil }
        if before != wanted { try files.publish(try Self.data(before), to: replaced) }
        return try become(wanted)
    }

    /// What this deployment replaced.
    func takeAsBefore() throws(DeployError) {
        guard let data = try files.read(replaced) else { return }
        _ = try become(try? JSONDecoder().decode(Tenant.self, from: data))
        try files.remove(replaced)
    }

    func give() throws(DeployError) {
        try stopAnswering()
        _ = try become(nil)
    }

    /// The record comes first, so that what a killed run took is given up by the next one.
    private func become(_ wanted: Tenant?) throws(DeployError) -> String {
        let before = present
        if let before, wanted.map({ ($0.http, $0.https) != (before.http, before.https) }) ?? true {
            try lobby(of: before).dismiss(before.id)
        }
        guard let wanted else {
            try files.remove(record)
            return "its names lead nowhere"
        }
        try files.publish(try JSON.data(wanted), to: record)
        do throws(DeployError) {
            return try lobby(of: wanted).admit(wanted, replacing: Tenant.id(of: layout, isAsked: true))
        } catch {
            if let before {
                try files.publish(try JSON.data(before), to: record)
            } else {
                try files.remove(record)
            }
            throw error
        }
    }

    private static func data(_ tenant: Tenant?) throws(DeployError) -> Data {
        guard let tenant else { return Data() }
        return try JSON.data(tenant)
    }

    /// Starts the lobby again that a killed machine or somebody ended.
    func revive() throws(DeployError) -> String {
        guard let present else { return "nothing: it has no names" }
        return try lobby(of: present).revive()
    }

    func lobby(of tenant: Tenant) throws(DeployError) -> Lobby {
        Lobby(context: context, place: try LobbyPlace(context.ports, http: tenant.http, https: tenant.https))
    }
}
