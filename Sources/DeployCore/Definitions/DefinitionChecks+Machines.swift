extension DefinitionChecks {
    /// The machines that serve, as they are written.
    private var hosts: [Located] { tree["host"].map { $0.text == nil ? $0.items : [$0] } ?? [] }

    /// What several machines cannot have in common.
    mutating func checkMachines() {
        guard hosts.count > 1 else {
            guard let batch = tree["batch"] else { return }
            return refuse(
                batch, "batch", "is for several machines, and one serves",
                "remove it, or list them: \"host\": [\"deploy@a.example\", \"deploy@b.example\"]")
        }
        for kind in [Environment.Runtime.Kind.swarm, .command] where runtimeKind == kind.rawValue {
            refuse(
                tree["host"] ?? tree, "host",
                "is a list, and \"kind\": \"\(kind.rawValue)\" brings a release to all its machines by itself",
                "name the one machine that deployctl runs on")
        }
        for key in ["shared", "volumes"] {
            guard let value = tree[key] else { continue }
            refuse(
                value, key, "would be another one on each machine of \"host\"",
                "remove it, and keep data in a database or an object store")
        }
        for service in services where service.value["role"]?.text == Service.Role.data.rawValue {
            refuse(
                service.value, "services.\(service.key)", "would be another one on each machine of \"host\"",
                "run it on a machine of its own, and give \"database\" its host")
        }
        if let acme = tree["tls"]?["acme"] {
            refuse(
                acme, "tls.acme", "is asked of one machine, and \"host\" names several",
                "give \"certificate\" and \"key\", or let what is before the machines speak TLS")
        }
        if let fresh = tree["database"]?["fresh"], fresh.flag == true || fresh.members.count > 0 {
            refuse(
                fresh, "database.fresh", "gives one machine another database, and \"host\" names several",
                "remove it")
        }
        refuseDatabaseOfOneMachine(whose: "\"host\" names several machines, and each")
    }
}
