import FoundationEssentials

/// Where the containers of one environment can be reached, as the engine says.
struct ContainerPlaces {
    /// One container's name, addresses and ports.
    struct Place: Hashable, Codable, Sendable {
        struct Network: Hashable, Codable, Sendable {
            var IPAddress: String?
            var Gateway: String?
        }

        var id: String
        var name: String
        var labels: [String: String]
        var networks: [String: Network]
        /// By `3306/tcp`; what is published there.
        var ports: [String: [ContainerState.Binding]?]?

        var service: String { labels[ContainerLabels.service] ?? "" }
        var isData: Bool { labels[ContainerLabels.role] == Service.Role.data.rawValue }
        var plainName: String { name.hasPrefix("/") ? String(name.dropFirst()) : name }
        var addresses: [String] { networks.values.compactMap(\.IPAddress).filter { !$0.isEmpty }.sorted() }
        var gateways: [String] { networks.values.compactMap(\.Gateway).filter { !$0.isEmpty }.sorted() }
        var innerPorts: [Int] {
            (ports ?? [:]).keys.compactMap { Int($0.prefix(while: \.isNumber)) }.sorted()
        }
        var publishedPorts: [Int] {
            Set((ports ?? [:]).values.flatMap { $0 ?? [] }.compactMap { Int($0.HostPort) }).sorted()
        }
    }

    let commands: any CommandRunner

    /// The running containers of an environment.
    func of(_ environment: Environment) throws(DeployError) -> [Place] {
        let engine = ContainerCommands(commands: commands)
        let running = try engine.containers(ContainerLabels.of(environment)).filter(\.isRunning).map(\.id)
        guard !running.isEmpty else { return [] }
        let result = commands.run(
            CommandRequest(
                Command("docker", ["container", "inspect", "--format", Self.format, "--"] + running),
                outputLimit: 8 << 20))
        guard result.succeeded else { throw ContainerCommands.silent(result) }
        var places: [Place] = []
        for line in result.output.split(whereSeparator: \.isNewline) {
            places.append(try JSON.value(Place.self, from: Data(line.utf8), named: "The engine's answer"))
        }
        return places
    }

    private static let format =
        #"{"id":{{json .Id}},"name":{{json .Name}},"labels":{{json .Config.Labels}},"#
        + #""networks":{{json .NetworkSettings.Networks}},"ports":{{json .NetworkSettings.Ports}}}"#
}
