/// Looks at one instance: asks in a wave, and counts what runs until the answers are there.
final class InstanceLookout {
    private let site: Site
    private let id: String
    private(set) var look: InstanceLook

    init(_ site: Site, instance id: String) {
        self.site = site
        self.id = id
        look = InstanceLook(services: site.records.read(id)?.services ?? [])
    }

    func askDoor(in wave: inout ProbeWave) {
        let door = FrontDoor(layout: site.layout)
        guard let request = door.request() else { return }
        wave.ask(request) { self.look.doorComplaint = door.complaint(about: $0, from: self.id) }
    }

    func askServices(in wave: inout ProbeWave) {
        for running in look.services {
            let service = site.environment.services.first { $0.name == running.name }
            guard let service, service.health != nil, let own = running.address else { continue }
            let address =
                service.fastCGI == nil ? own : .socket(site.layout.innerDoor(of: id))
            wave.ask(.health(of: service, at: address.place, in: site.environment)) {
                self.look.answers[running.name] = HealthAnswer($0)
            }
        }
    }

    private func endedWithMachine(_ service: RunningService) -> Bool {
        let processes = site.ports.processes
        return service.runtime?.leaders(of: [service]).contains(where: processes.endedWithMachine) ?? false
    }

    /// Whether its services run and users get their answers from it.
    func lookAsUsersDo() -> InstanceLook {
        var wave = ProbeWave()
        askDoor(in: &wave)
        wave.run(on: site.ports.commands, during: countRunning)
        return look
    }

    func countRunning() {
        let sighting = site.ports.sighting(of: look.services)
        (look.running, look.silence) = (sighting.running, sighting.silence)
        if look.silence == nil, !look.ended.isEmpty {
            look.silence = site.environment.serviceRuntime.silence(at: site)?.why
        }
        look.endedWithMachine = Set(
            look.services.filter { look.ended.contains($0.name) && endedWithMachine($0) }.map(\.name))
        guard site.environment.isLimited else { return }
        look.uses = site.ports.uses(of: look.services)
        look.use = look.services.lazy.compactMap(\.group).first.flatMap(site.ports.groups.useAround)
    }
}
