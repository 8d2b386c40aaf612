extension Ports {
    /// How a service ended and what it lacked, as words after "ended"; nil where nobody can know.
    func words(forEndingOf service: RunningService) -> String? {
        let ending = service.runtime?.ending(of: service, on: self)
        let how = ending.map { "\($0)" }
        guard ending != .memory, service.runtime?.lackedMemory(service, on: self) == true else { return how }
        return [how, service.group?.shortage ?? "for want of memory"].compactMap(\.self).joined(
            separator: " ")
    }

    /// What services take and may take, by name; those without limits are missing.
    func uses(of services: [RunningService]) -> [String: ResourceUse] {
        ServiceRuntimes.grouped(services).reduce(into: [:]) { uses, group in
            uses.merge(group.runtime.uses(of: group.services, on: self)) { $1 }
        }
    }
}

extension Workspace {
    /// Why this machine cannot keep an environment's limits, in a sentence; nil where it can.
    public func obstacleToLimits(of environment: Environment) -> String? {
        do throws(DeployError) {
            try site(environment).environment.serviceRuntime.refuseUnkeptLimits(at: site(environment))
            return nil
        } catch {
            return "\(error.what): \(error.why); \(error.next)"
        }
    }
}
