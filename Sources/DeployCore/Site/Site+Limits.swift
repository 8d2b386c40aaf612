import FoundationEssentials

extension Site {
    /// What a service of an instance that starts now is counted and limited with; nil where it runs like everything else.
    func group(of service: Service, in instance: String) -> ResourceGroup? {
        let start = Int64((ports.clock.now().timeIntervalSince1970 * 1000).rounded())
        let farewell = (service.stop.timeout ?? environment.drain).seconds
        return group("\(service.name).\(instance).\(start)", service.limits, farewell: farewell)
    }

    /// The same of build, migrations and release commands.
    var groupOfCommands: ResourceGroup? { group(ResourceGroup.commands, nil) }

    private func group(
        _ name: String, _ limits: Limits?, farewell: Double? = nil
    ) -> ResourceGroup? {
        guard environment.isLimited || environment.yields else { return nil }
        let place = SHA256.hexadecimal(of: layout.root).prefix(8)
        let all = environment.limits ?? Limits()
        let words = [environment.project, environment.name].map { $0.replacing("-", by: "_") }
        return ResourceGroup(
            outer: "\(words[0]).\(words[1]).\(place)", name: name,
            environmentLimits: all, limits: (limits ?? Limits()).filled(from: all),
            yields: environment.yields ? true : nil, farewell: farewell)
    }

    /// - Throws: `.invalidDefinition` where this machine cannot keep the limits that are set.
    func refuseUnkeptLimits() throws(DeployError) {
        guard environment.isLimited, let obstacle = ports.groups.obstacle(to: environment.limitedKinds) else {
            return
        }
        throw DeployError(
            .invalidDefinition, what: "The limits of \(environment.name) cannot be kept on this machine",
            why: obstacle.why, next: obstacle.next)
    }
}

extension ResourceGroup {
    /// Completes "ended by signal 9": what it had too little of.
    public var shortage: String {
        let isOwn = limits.memory != environmentLimits.memory
        let own = limits.memory.flatMap { isOwn ? "it may have \(HumanText.size($0))" : nil }
        let all = environmentLimits.memory.map { "its environment may have \(HumanText.size($0))" }
        let bounds = [own, all].compactMap(\.self).joined(separator: " and ")
        return "for want of memory" + (bounds.isEmpty ? "" : ": \(bounds)")
    }
}
