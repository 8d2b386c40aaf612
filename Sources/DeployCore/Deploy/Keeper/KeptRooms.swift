import FoundationEssentials

/// The places where an instance's visitors wait for a service that is about to be there again.
final class KeptRooms {
    private struct Kept {
        var path: String
        var addresses: [ServiceAddress]
        var room: any WaitingRoom
    }

    /// By service, replicas together.
    private var kept: [String: Kept] = [:]

    /// As long as a visitor waits at most; what does not come back before it is not waited for at all.
    static let patience = Duration.seconds(5)

    /// Nobody waits for what somebody ended, nor for what ends again and again.
    func look(at site: Site, _ instance: Instance?) {
        var wanted: [String: [ServiceAddress]] = [:]
        let care = instance.map { site.care(of: $0.id) } ?? Care()
        let soon = site.ports.clock.now().addingTimeInterval(Self.patience.seconds)
        for service in instance?.services ?? [] where service.rests != true {
            guard let address = service.address, care.services[service.name]?.next.map({ $0 < soon }) ?? true
            else { continue }
            let definition = site.environment.services.first { $0.name == service.name }
            wanted[definition?.definedName ?? service.name, default: []].append(address)
        }
        let places = wanted.keys.reduce(into: [:]) { places, name in
            places[name] = instance.map { site.layout.waitingRoom(of: name, in: $0.id) }
        }
        kept = kept.filter { $1.path == places[$0] && $1.addresses == wanted[$0] }
        for (name, path) in places where kept[name] == nil {
            guard let addresses = wanted[name],
                let room = site.ports.rooms.open(at: path, for: addresses, patience: Self.patience)
            else { continue }
            kept[name] = Kept(path: path, addresses: addresses, room: room)
        }
    }
}
