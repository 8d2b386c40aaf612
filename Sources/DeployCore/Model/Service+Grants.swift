extension Service {
    /// What a container gets of the machine beyond what any Compose file may ask for; only a definition gives it.
    public struct Grants: Hashable, Codable, Sendable {
        /// What may be mounted: absolute paths of this machine, each with `:ro` or `:rw`.
        var binds: [String] = []
        /// Names without `CAP_`, in capitals.
        var capabilities: [String] = []
        /// Paths below `/dev`.
        var devices: [String] = []
        var gpus = false
        /// Such as `seccomp=unconfined`.
        var securityOptions: [String] = []
        /// Whether programs may gain rights when they start, as setuid ones do.
        var newPrivileges = false
    }
}

extension Service.Grants {
    static let capabilityNames = [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "IPC_LOCK", "KILL", "LEASE", "MKNOD",
        "NET_ADMIN",
        "NET_BIND_SERVICE", "NET_BROADCAST", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID",
        "SYS_CHROOT", "SYS_NICE",
        "SYS_PTRACE", "SYS_RESOURCE",
    ]

    static let securityOptionNames = [
        "apparmor=unconfined", "label=disable", "seccomp=unconfined", "systempaths=unconfined",
    ]

    /// Paths of the machine it may write, without `:rw`.
    var writable: [String] { binds.compactMap { $0.before(":rw").map(String.init) } }

    /// Each grant in words.
    var words: [String] {
        binds.map { "mounts \($0)" } + capabilities.map { "capability \($0)" }
            + devices.map { "device \($0)" }
            + (gpus ? ["the machine's GPUs"] : []) + securityOptions
            + (newPrivileges ? ["programs that gain rights"] : [])
    }
}

extension Environment {
    /// What is granted to each service, in words.
    var grants: [String] {
        services.flatMap { service in (service.grants?.words ?? []).map { "\(service.name): \($0)" } }
    }
}
