extension Environment {
    /// The public ports of the edge; a data service publishes its own.
    var edgePorts: [Int] {
        let data = services.filter { $0.role == .data }.map(\.name)
        return ports.filter { !data.contains($0.key) }.values.sorted()
    }

    /// Whether commands of the project run in a release's folder after it was sealed.
    var runsCommandsInReleases: Bool {
        if case .command = migrations { return true }
        return !releaseCommands.isEmpty
    }

    /// The public port a service holds itself where no edge stands in front.
    func directPort(of service: Service) -> Int? {
        if let port = ports[service.definedName] { return port }
        let first = services.first { $0.role == .app && $0.listen == .tcp }
        return first?.name == service.name ? ports["http"] : nil
    }
}
