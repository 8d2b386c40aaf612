/// What a service of a Compose file may ask for: each key is known to be harmless, or is checked, or is refused.
struct ComposeRules {
    let file: ComposeFile
    let environment: Environment
    let service: String
    let tree: JSONTree

    var ground: ComposeGround { file.ground }
    var grants: Service.Grants { environment.service(service)?.grants ?? Service.Grants() }

    func check() throws(DeployError) {
        for (key, value) in tree.members.sorted(by: { $0.key < $1.key }) where value.saysSomething {
            try check(key, value)
        }
    }

    private static let harmless: Set<String> = [
        "attach", "blkio_config", "cap_drop", "command", "container_name", "cpu_count", "cpu_percent",
        "cpu_period",
        "cpu_quota", "cpu_shares", "cpus", "cpuset", "depends_on", "develop", "dns", "dns_opt", "dns_search",
        "domainname",
        "entrypoint", "environment", "expose", "extra_hosts", "group_add", "healthcheck", "hostname", "image",
        "init",
        "mac_address", "mem_limit", "mem_reservation", "mem_swappiness", "memswap_limit", "pids_limit",
        "platform", "ports",
        "profiles", "pull_policy", "pull_refresh_after", "read_only", "restart", "shm_size", "stdin_open",
        "stop_grace_period", "stop_signal", "storage_opt", "tmpfs", "tty", "user", "working_dir",
        // Where they lead was checked before the parser followed them.
        "env_file", "label_file", "extends",
    ]

    private func check(_ key: String, _ value: JSONTree) throws(DeployError) {
        switch key {
        case _ where Self.harmless.contains(key) || key.begins(with: "x-"): break
        case "build": try checkBuild(value)
        case "volumes": try checkMounts(value)
        case "secrets", "configs": try checkFiles(key, value, from: ground.objection)
        case "networks": try checkNetworks(value)
        case "network_mode", "pid", "ipc", "cgroup", "runtime", "isolation": try checkWord(key, value)
        case "cap_add", "devices", "gpus", "security_opt": try checkGranted(key, value)
        case "deploy": try checkDeploy(value)
        case "scale": try checkCopies(key, value)
        case "labels": try checkLabels(key, value)
        case "logging": try checkLogging(value)
        case "sysctls": try checkSysctls(value)
        case "ulimits": try checkLimits(key, value)
        case "oom_score_adj":
            guard let score = value.integer, score >= 0 else {
                throw refusal(key, "others on the machine would end before it when memory is short")
            }
        case "post_start", "pre_stop":
            guard !value.items.contains(where: { $0["privileged"]?.saysSomething == true }) else {
                throw refusal("\(key).privileged", "a command could take over the machine")
            }
        default: throw unknown(key)
        }
    }

    /// Keys of an object that are neither known to be harmless nor checked are refused.
    func checkKeys(_ key: String, of value: JSONTree, known: Set<String>) throws(DeployError) {
        for (name, value) in value.members.sorted(by: { $0.key < $1.key })
        where value.saysSomething && !known.contains(name) && !name.begins(with: "x-") {
            throw unknown("\(key).\(name)")
        }
    }

    func refusal(_ key: String, _ why: String, next: String = "remove it") -> DeployError {
        file.refusal("services.\(service).\(key)", why, next: next)
    }

    private func unknown(_ key: String) -> DeployError {
        refusal(
            key, Self.dangers[key] ?? "it is no key that deployctl knows to be harmless",
            next: key.begins(with: "links") || key.begins(with: "external_links")
                ? "remove it; names of services resolve" : "remove it")
    }

    private static let dangers = [
        "privileged": "the container could take over the machine",
        "use_api_socket": "it gives the container the engine itself",
        "device_cgroup_rules": "it opens the machine's devices",
        "uts": "it shares the machine's own", "userns_mode": "it shares the machine's own",
        "cgroup_parent": "it leaves the limits the engine set",
        "credential_spec": "it hands over an account of the machine",
        "provider": "it runs a program on the machine itself",
        "models": "it runs a program on the machine itself",
        "annotations": "they change how the container is started",
        "oom_kill_disable": "it could take all memory of the machine",
        "cpu_rt_runtime": "it could take all processors of the machine",
        "links": "it reaches round the environment's network",
        "external_links": "it reaches round the environment's network",
        "volumes_from": "it mounts what another container was given",
        "build.ssh": "a build would use the keys of who deploys",
        "build.tags": "it could give its image the name of another",
        "build.privileged": "a build could take over the machine",
        "build.entitlements": "a build could take over the machine",
        "build.cache_to": "it writes outside of the engine",
    ]
}

extension JSONTree {
    /// Whether a key with this value is more than a key that is not there.
    var saysSomething: Bool { ![.null, .bool(false), .text(""), .list([]), .object([:])].contains(self) }
}

extension Environment {
    func service(_ name: String) -> Service? { services.first { $0.name == name } }
}
