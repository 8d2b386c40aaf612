import FoundationEssentials

/// Whom a lobby knows, by one file each.
struct LobbyRegister {
    let files: any FileStore
    let place: LobbyPlace

    /// Those whose project is there, by the order of their ids.
    var present: [Tenant] { known.filter { $0.fault == nil && isThere($0) } }

    /// Those who are present, but for whom the running lobby leaves out.
    var admitted: [Tenant] {
        let leftOut = leftOut
        return present.compactMap { leftOut[$0.id] == nil ? $0 : nil }
    }

    /// Why files lead nowhere, by their names without an ending.
    var faults: [String: String] {
        var found: [String: String] = [:]
        for id in ids where tenant(id) == nil { found[id] = "its file cannot be read" }
        for tenant in known { found[tenant.id] = tenant.fault }
        return found
    }

    /// Why the running lobby leaves somebody out, by id.
    var leftOut: [String: String] {
        let data = (try? files.read(place.leftOut)) ?? nil
        return data.flatMap { try? JSONDecoder().decode([String: String].self, from: $0) } ?? [:]
    }

    /// Which names of a tenant are somebody else's, as sentences without their full stop.
    func conflicts(of tenant: Tenant) -> [String] {
        let others = present.filter { !$0.isOfSamePlace(as: tenant) }
        return tenant.hosts.flatMap { host in
            others.filter { $0.hosts.contains { $0 == host } }.map { "\(host) is asked for at \($0.shown)" }
        }
    }

    private var ids: [String] {
        files.names(in: place.tenants).compactMap { $0.before(".json").map(String.init) }
    }

    private var known: [Tenant] { ids.compactMap(tenant) }

    /// A file under another's name is nobody's.
    private func tenant(_ id: String) -> Tenant? {
        let data = (try? files.read(place.tenant(id))) ?? nil
        let tenant = data.flatMap { try? JSONDecoder().decode(Tenant.self, from: $0) }
        return tenant?.id == id ? tenant : nil
    }

    private func isThere(_ tenant: Tenant) -> Bool { files.kind(of: Layout.tool(tenant.project)) != nil }
}
