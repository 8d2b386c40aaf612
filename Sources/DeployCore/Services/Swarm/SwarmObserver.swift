/// What the swarm has of an environment, compared with what should be there.
struct SwarmObserver {
    let site: Site

    /// Services that are gone, run something else or in too few copies, and machines that are lost; in words.
    func drift(serving: Serving?) -> [String] {
        guard let serving, let instance = site.records.read(serving.instance) else { return [] }
        let services = instance.services.filter { $0.rests != true }
        do throws(DeployError) {
            let looks = try site.ports.swarm.looks(at: services.compactMap(\.body.swarm))
            let folder = site.layout.release(serving.release)
            let images = (try? ReleaseImages.read(site.ports.files, in: folder))?.ids ?? [:]
            return services.compactMap { drift(of: $0, looks, images) } + (try lostNodes())
                + ContainerObserver(site).dataLosses
        } catch {
            return ["\(error.what): \(error.why)"]
        }
    }

    private func drift(of service: RunningService, _ looks: [SwarmLook], _ images: [String: String])
        -> String?
    {
        guard let look = looks.first(where: { $0.service.id == service.body.swarm }) else {
            return "service \(service.name) is gone from the swarm"
        }
        if let image = images[service.name], look.service.image != image {
            return
                "service \(service.name) is to run \(Shown.text(look.service.image, limit: 200)), not the release's image"
        }
        return look.complaint.map { "service \(service.name): \($0)" }
    }

    private func lostNodes() throws(DeployError) -> [String] {
        try site.ports.swarm.nodes().filter { !$0.isReady }.map {
            "machine \(Shown.text($0.name)) of the swarm is \(Shown.text($0.status))"
        }
    }
}

/// Whether this machine manages a swarm that outlives the loss of a manager.
struct SwarmFindings {
    let swarm: Swarm

    var all: [Finding] {
        do throws(DeployError) {
            try swarm.require()
            return [finding(try swarm.nodes())]
        } catch {
            return [
                Finding(id: "swarm", verdict: .refused("\(error.what): \(error.why)", next: error.next))
            ]
        }
    }

    private func finding(_ nodes: [SwarmNode]) -> Finding {
        let managers = nodes.filter(\.isManager).count
        let lost = nodes.filter { !$0.isReady }.map { Shown.text($0.name) }
        let words = "\(nodes.count) machines, \(managers) of them managers"
        if !lost.isEmpty {
            return Finding(
                id: "swarm",
                verdict: .warned(
                    "\(words); not ready: \(lost.joined(separator: ", "))",
                    next: "bring them back, or: docker node rm"))
        }
        guard managers >= 3 else {
            return Finding(
                id: "swarm",
                verdict: .warned(
                    "\(words): when one manager is lost, nothing can be changed",
                    next: "docker node promote, until there are three"))
        }
        return Finding(id: "swarm", verdict: .passed(words))
    }
}
