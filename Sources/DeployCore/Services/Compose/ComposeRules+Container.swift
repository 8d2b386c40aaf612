/// What a container shares with the machine and with others on it.
extension ComposeRules {
    func checkWord(_ key: String, _ value: JSONTree) throws(DeployError) {
        let word = value.text ?? ""
        let known: [String: Set<String>] = [
            "network_mode": ["bridge"], "ipc": ["private", "shareable", "none"], "cgroup": ["private"],
            "runtime": ["runc"], "isolation": ["default"],
        ]
        guard known[key]?.contains(word) != true else { return }
        if key == "pid" || key == "ipc", let other = word.after("service:") {
            guard environment.service(String(other))?.role != environment.service(service)?.role else {
                return
            }
            throw refusal(key, "\"\(Shown.text(word))\" is no service that starts and ends with this one")
        }
        throw refusal(
            key,
            key == "network_mode"
                ? "\"\(Shown.text(word))\" leaves the environment's network"
                : "\"\(Shown.text(word))\" leaves what separates containers")
    }

    func checkGranted(_ key: String, _ value: JSONTree) throws(DeployError) {
        switch key {
        case "gpus": try requireGPUs(key)
        case "cap_add":
            for name in value.items.map({ $0.text?.uppered ?? "" }) {
                let plain = String(name.after("CAP_") ?? name[...])
                guard !grants.capabilities.contains(plain) else { continue }
                let canBe = Service.Grants.capabilityNames.contains(plain)
                throw refusal(
                    key, "\(Shown.text(plain)) is more than a container has",
                    next: canBe ? grant("capabilities", plain) : "remove it")
            }
        case "devices":
            for device in value.items {
                let path = device["source"]?.text ?? String(device.text?.cut(at: ":")?.before ?? "")
                guard !grants.devices.contains(path) else { continue }
                let canBe = TextRule.grantedDevice.accepts(path)
                throw refusal(
                    key, "\(Shown.text(path)) is a device of the machine",
                    next: canBe ? grant("devices", path) : "remove it")
            }
        default:
            for option in value.items.map({ $0.text ?? "" }) { try check(securityOption: option) }
        }
    }

    private func check(securityOption text: String) throws(DeployError) {
        let isSpelledWithEquals = text.holds("=")
        let option =
            !isSpelledWithEquals ? text.cut(at: ":").map { "\($0.before)=\($0.after)" } ?? text : text
        let strict = [
            "no-new-privileges", "no-new-privileges=true", "apparmor=docker-default", "seccomp=builtin",
        ]
        guard !strict.contains(where: { $0 == option }), !grants.securityOptions.contains(option) else {
            return
        }
        guard option == "no-new-privileges=false" else {
            let canBe = Service.Grants.securityOptionNames.contains(option)
            throw refusal(
                "security_opt", "\(Shown.text(text)) may loosen what holds the container",
                next: canBe ? grant("securityOptions", option) : "remove it")
        }
        guard grants.newPrivileges else {
            throw refusal(
                "security_opt", "\(text) lets programs gain rights",
                next: "remove it, or set services.\(service).grants.newPrivileges of the definition")
        }
    }

    private func requireGPUs(_ key: String) throws(DeployError) {
        guard !grants.gpus else { return }
        throw refusal(
            key, "it reaches devices of the machine",
            next: "remove it, or set services.\(service).grants.gpus of the definition")
    }

    /// What a person writes into the definition who wants it nevertheless.
    func grant(_ key: String, _ value: String) -> String {
        "remove it, or add \"\(Shown.text(value, limit: 200))\" to services.\(service).grants.\(key) of the definition"
    }

    func checkDeploy(_ value: JSONTree) throws(DeployError) {
        try checkKeys(
            "deploy", of: value,
            known: [
                "endpoint_mode", "labels", "mode", "placement", "replicas", "resources", "restart_policy",
                "rollback_config", "update_config",
            ])
        if let copies = value["replicas"] { try checkCopies("deploy.replicas", copies) }
        guard let resources = value["resources"] else { return }
        try checkKeys("deploy.resources", of: resources, known: ["limits", "reservations"])
        for (key, limits) in resources.members {
            let place = "deploy.resources.\(key)"
            try checkKeys(place, of: limits, known: ["cpus", "memory", "pids", "devices"])
            if limits["devices"]?.saysSomething == true { try requireGPUs("\(place).devices") }
        }
    }

    func checkCopies(_ key: String, _ value: JSONTree) throws(DeployError) {
        guard value.saysSomething, value.integer != 1, !environment.runtime.spreads else { return }
        throw refusal(key, "a release runs one container of each service")
    }

    /// By labels deployctl and Compose find what is theirs.
    func checkLabels(_ key: String, _ value: JSONTree) throws(DeployError) {
        let names = value.members.keys + value.items.compactMap { $0.text }
        let forged = names.sorted().first { name in
            ["deployctl.", "com.docker.compose."].contains { name.lowered.begins(with: $0) }
        }
        guard let forged else { return }
        throw refusal(key, "\(Shown.text(forged)) is how containers are told apart")
    }

    func checkLogging(_ value: JSONTree) throws(DeployError) {
        try checkKeys("logging", of: value, known: ["driver", "options"])
        let driver = value["driver"]?.text ?? ""
        guard ["", "json-file", "local", "journald", "none"].contains(driver) else {
            throw refusal("logging.driver", "\(Shown.text(driver)) sends elsewhere what the service prints")
        }
        try checkKeys(
            "logging.options", of: value["options"] ?? .null,
            known: [
                "max-size", "max-file", "compress", "labels", "labels-regex", "env", "env-regex", "tag",
                "mode",
                "max-buffer-size",
            ])
    }

    func checkSysctls(_ value: JSONTree) throws(DeployError) {
        let names = value.members.keys + value.items.compactMap { $0.text }
        guard let other = names.sorted().first(where: { !$0.begins(with: "net.") }) else { return }
        throw refusal("sysctls", "\(Shown.text(other)) is not of the container's own network")
    }

    func checkLimits(_ key: String, _ value: JSONTree) throws(DeployError) {
        let most = [
            "nofile": 1 << 20, "nproc": 1 << 20, "core": 1 << 30, "sigpending": 1 << 20, "msgqueue": 1 << 30,
        ]
        let free = ["as", "cpu", "data", "fsize", "locks", "memlock", "rss", "stack"]
        for (name, limit) in value.members.sorted(by: { $0.key < $1.key }) where !free.contains(name) {
            guard let most = most[name] else {
                throw refusal("\(key).\(name)", "it could slow down all others")
            }
            let numbers = limit.members.isEmpty ? [limit] : Array(limit.members.values)
            guard numbers.allSatisfy({ (0...most).contains($0.integer ?? -1) }) else {
                throw refusal(
                    "\(key).\(name)", "it is more than the machine can give", next: "write at most \(most)")
            }
        }
    }
}
