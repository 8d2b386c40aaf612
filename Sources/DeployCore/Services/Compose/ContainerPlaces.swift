/// Where the containers of one environment can be reached, as the engine says.
struct ContainerPlaces {
    let site: Site

    init(_ site: Site) { self.site = site }

    /// Those that run.
    func all() throws(DeployError) -> [ServicePlace] {
        let engine = site.ports.engine
        let running = try engine.containers(ContainerLabels.of(site.environment)).filter(\.isRunning)
        let found: [Answer] = try engine.inspect(running.map(\.id), format: Answer.format)
        return found.map(\.place)
    }

    private struct Answer: Codable {
        struct Network: Codable {
            var IPAddress: String?
            var Gateway: String?
        }

        var id: String
        var name: String
        var labels: [String: String]
        var networks: [String: Network]
        /// By `3306/tcp`; what is published there.
        var ports: [String: [ContainerState.Binding]?]?

        static let format =
            #"{"id":{{json .Id}},"name":{{json .Name}},"labels":{{json .Config.Labels}},"#
            + #""networks":{{json .NetworkSettings.Networks}},"ports":{{json .NetworkSettings.Ports}}}"#

        var place: ServicePlace {
            ServicePlace(
                id: id, name: name.after("/").map(String.init) ?? name,
                isData: labels[ContainerLabels.role] == Service.Role.data.rawValue,
                addresses: known(networks.values.map(\.IPAddress)),
                gateways: known(networks.values.map(\.Gateway)) + ["host.docker.internal"],
                innerPorts: (ports ?? [:]).keys.compactMap { Int($0.leadingDigits) }.sorted(),
                publishedPorts: Set(
                    (ports ?? [:]).values.flatMap { $0 ?? [] }.compactMap { Int($0.HostPort) }
                )
                .sorted())
        }

        private func known(_ texts: [String?]) -> [String] {
            texts.compactMap(\.self).filter { !$0.isEmpty }.sorted()
        }
    }
}
