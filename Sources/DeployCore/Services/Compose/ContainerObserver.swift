/// Compares the engine's containers, network and volumes with what should be there.
struct ContainerObserver {
    let site: Site

    init(_ site: Site) { self.site = site }

    private var ports: Ports { site.ports }
    private var layout: Layout { site.layout }

    private var environment: Environment { layout.environment }

    /// What differs, in words.
    func drift(serving: Serving?) -> [String] {
        let containers: [ContainerState]
        do throws(DeployError) {
            containers = try ports.engine.containers(ContainerLabels.of(environment))
        } catch {
            return ["\(error.what): \(error.why)"]
        }
        var found: [String] = []
        if let serving {
            found += apps(containers, serving) + extra(containers, serving)
            found += data(containers) + stores(networks: [environment.networkName])
        } else {
            found += containers.filter { $0.isRunning && $0.instance != nil }.map {
                "service \($0.service) of deployment \($0.instance ?? "") still runs"
            }
            found += stores(networks: [])
        }
        return found + published(containers)
    }

    /// Data services that do not run well, and volumes of theirs that are missing, in words; none where the engine is silent.
    var dataLosses: [String] {
        guard !environment.dataServices.isEmpty,
            let containers = try? ports.engine.containers(DataServices.labels(in: environment))
        else { return [] }
        return data(containers) + stores(networks: [])
    }

    private func apps(_ containers: [ContainerState], _ serving: Serving) -> [String] {
        let records = site.records
        let images = try? ReleaseImages.read(ports.files, in: layout.release(serving.release))
        return (records.read(serving.instance)?.services ?? []).flatMap { service -> [String] in
            guard let id = service.body.container else { return [] }
            let name = service.name
            guard let container = containers.first(where: { $0.id == id }) else {
                let other = containers.first { $0.instance == serving.instance && $0.service == name }
                let wanted = images?.services[name]?.id
                guard let other else { return ["the container of service \(name) is gone"] }
                let image = other.image == wanted ? "" : " from image \(other.image.prefix(19))"
                return ["service \(name) was made anew by somebody else\(image)"]
            }
            return state(container) + restarts(container, images?.services[name]?.id)
        }
    }

    private func state(_ container: ContainerState) -> [String] {
        guard container.isRunning else {
            let how = ports.ending(of: container) == .memory ? ", ended for lack of memory (OOM)" : ""
            return ["the container of service \(container.service) is \(container.status)\(how)"]
        }
        guard !container.isOff(environment.networkName) else {
            return ["the container of service \(container.service) is off network \(environment.networkName)"]
        }
        return container.health == "unhealthy" ? ["service \(container.service) is unhealthy"] : []
    }

    private func restarts(_ container: ContainerState, _ image: String?) -> [String] {
        var found: [String] = []
        if let image, container.image != image {
            found.append(
                "service \(container.service) runs image \(container.image.prefix(19)) instead of \(image.prefix(19))"
            )
        }
        if container.restarts > 0 {
            found.append(
                "service \(container.service) ended and was started again by the engine, \(container.restarts) times"
            )
        }
        return found
    }

    private func extra(_ containers: [ContainerState], _ serving: Serving) -> [String] {
        let records = site.records
        let held = records.all.compactMap { records.read($0) }.compactMap(\.holds)
        return containers.filter { container in
            guard container.isRunning, let instance = container.instance else { return false }
            return instance != serving.instance && !held.contains(instance)
        }.map { container in
            container.role == ContainerLabels.job
                ? "a command of deployment \(container.instance ?? "") still runs"
                : "service \(container.service) of deployment \(container.instance ?? "") still runs"
        }
    }

    private func data(_ containers: [ContainerState]) -> [String] {
        environment.dataServices.flatMap { service -> [String] in
            let mine = containers.filter {
                $0.service == service.name && $0.role == Service.Role.data.rawValue
            }
            guard let container = mine.first(where: \.isRunning) ?? mine.first else {
                return ["data service \(service.name) has no container"]
            }
            return state(container) + loop(container)
        }
    }

    /// What outlives releases may have ended long ago; only what goes on ending is said.
    private func loop(_ container: ContainerState) -> [String] {
        let now = ports.clock.now()
        guard container.care(nil, at: now)?.isLooping(at: now) == true else { return [] }
        return container.care(ports.ending(of: container), at: now).map {
            ["data service \(container.service) ends again and again: \($0.sentence(at: now))"]
        } ?? []
    }

    /// A database behind a port of the whole network is everybody's.
    private func published(_ containers: [ContainerState]) -> [String] {
        containers.flatMap { container -> [String] in
            let isPublic = environment.runtime.strategy == .recreate && container.instance != nil
            let open = container.bindings.filter { $0.HostIp != "127.0.0.1" && !isPublic }
            return Set(open.map(\.HostPort)).sorted().map {
                "service \(container.service) is published to other machines on port \($0)"
            }
        }
    }

    /// That a volume of theirs is gone, with what brings it back.
    var lostData: DeployError? {
        let kept = KeptVolumes(before: (try? DataServices.written(in: layout, ports.files)) ?? nil)
        let missing = Set(missing(networks: []).map(\.name))
        guard !missing.isEmpty, (try? ports.engine.ids(ContainerLabels.of(environment))) != nil else {
            return nil
        }
        do throws(DeployError) {
            try kept.require(missing: missing, of: environment.database?.service, filledBy: site.wayToFill)
            return nil
        } catch { return error }
    }

    /// What `lostData` starts.
    static func programsMissing(in layout: Layout) -> [ProgramCall] {
        [
            ContainerCommands.inspect(.volume, "{volume}", format: naming),
            ContainerCommands.list(ContainerLabels.of(layout.environment)),
        ].calls
    }

    private static let naming = "{{.Name}}"

    /// What services kept their data in is missed also while they are stopped.
    private func stores(networks: [String]) -> [String] {
        missing(networks: networks).map { "\($0.kind) \($0.name) is missing" }
    }

    private func missing(networks: [String]) -> [(kind: ContainerCommands.Store, name: String)] {
        let written = try? DataServices.written(in: layout, ports.files)
        let volumes =
            written.map { KeptVolumes.names(in: $0) } ?? (networks.isEmpty ? [] : Set(environment.volumes))
        let wanted: [(kind: ContainerCommands.Store, name: String)] =
            networks.map { (.network, $0) } + volumes.sorted().map { (.volume, $0) }
        let results = ports.commands.runTogether(
            wanted.map { kind, name in
                CommandRequest(ContainerCommands.inspect(kind, name, format: Self.naming))
            })
        return zip(wanted, results).compactMap { $1.succeeded ? nil : $0 }
    }
}
