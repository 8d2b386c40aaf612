extension DefinitionChecks {
    mutating func checkVariables() {
        checkVariables(tree["variables"], "variables")
        for service in tree["services"]?.members ?? [] {
            let path = DefinitionPath.key(service.key, in: "services")
            let variables = service.value["variables"]
            if let variables, usesComposeFile || service.value["role"]?.text != "app" {
                refuse(
                    variables, "\(path).variables", "is for app services that run as processes",
                    usesComposeFile
                        ? "write \"environment\" in the Compose file, and what differs into \"variables\" here"
                        : "remove it")
            }
            checkVariables(variables, "\(path).variables")
            checkCommand(service.value["command"], "\(path).command")
        }
    }

    private mutating func checkVariables(_ variables: Located?, _ path: String) {
        let secrets = tree["secrets"]?.members.map(\.key) ?? []
        for variable in variables?.members ?? [] {
            let place = DefinitionPath.key(variable.key, in: path)
            if secrets.contains(where: { $0 == variable.key }) {
                refuse(at: variable.location, place, "is a secret too", "keep one of the two")
            }
            guard let text = variable.value.text else { continue }
            checkPlaceholders(of: variable.value, text, place)
        }
    }

    private mutating func checkCommand(_ command: Located?, _ path: String) {
        let readsVariables = command?.items.first?.text.map { Self.shells.contains(Path.name($0)) } ?? false
        for (index, word) in (command?.items ?? []).enumerated() {
            guard let text = word.text else { continue }
            checkPlaceholders(of: word, text, "\(path)[\(index)]")
            guard !readsVariables, !text.holds(" "), text.ends(with: "$PORT") || text.ends(with: "${PORT}")
            else { continue }
            refuse(
                word, "\(path)[\(index)]", "no shell reads it, so the program gets $PORT as it stands here",
                "write {port} instead")
        }
    }

    private static let shells: Set<String> = ["sh", "bash", "dash", "zsh", "ksh", "fish", "env", "busybox"]

    private mutating func checkPlaceholders(of value: Located, _ text: String, _ path: String) {
        if usesComposeFile, Placeholders.needsService(text) {
            return refuse(
                value, path, "containers find each other by the names of their services",
                "write the service's name and the port of its container")
        }
        for name in Placeholders.services(in: text) {
            checkSibling(name, value, path)
        }
    }

    private mutating func checkSibling(_ name: String, _ value: Located, _ path: String) {
        let service = tree["services"]?[name]
        guard service?["role"]?.text == "app", service?["listen"]?.text != "none" else {
            return refuse(
                value, path, "\"\(name)\" is no app service that listens",
                Nearest.word(to: name, in: tree["services"]?.members.map(\.key) ?? [])
                    .map { "write {address:\($0)}" } ?? "name an app service that listens")
        }
        guard isReplicated(name) else { return }
        refuse(
            value, path, "\"\(name)\" has several replicas, and no address of its own",
            "ask it at the environment's own address, or remove \"replicas\"")
    }
}
