/// What a commit could ask for in its Compose file to get out of its container; each as the parser prints it.
struct HostileService {
    /// The key below `services.web` that the message has to name.
    let key: String
    /// The value of the first part of `key`, as JSON.
    let value: String
    /// What stands at the top level, as JSON.
    let top: String

    init(_ key: String, _ value: String, top: String = "{}") {
        (self.key, self.value, self.top) = (key, value, top)
    }

    private static func bind(_ source: String, _ more: String = "") -> Self {
        Self("volumes", #"[{"type": "bind", "source": "\#(source)", "target": "/x"\#(more)}]"#)
    }

    private static func build(_ key: String, _ value: String) -> Self {
        Self("build.\(key)", #"{"context": "/p", "\#(key)": \#(value)}"#)
    }

    private static func secret(_ definition: String) -> Self {
        Self("secrets.token", #"[{"source": "token"}]"#, top: #"{"secrets": {"token": \#(definition)}}"#)
    }

    static let all = mounts + files + rights + shared + limits + others + builds

    static let mounts: [Self] =
        [
            "/", "/etc", "/etc/shadow", "/root/.ssh", "/home", "/proc", "/proc/1/root", "/sys", "/dev",
            "/boot", "/run",
            "/var/run", "/var/lib", "/var/lib/docker", "/var/run/docker.sock", "/run/docker.sock",
            "/run/podman/podman.sock", "/run/containerd/containerd.sock", "/home/u/docker.sock", "/tmp", "/e",
            "/e/state.db",
            "/e/other", "/e/other/secrets", "/e/sharedx", "/px", "/backups", "/p/../e/other", "/p/./../e",
            "/e/shared/..",
            "/p/out", "/p/out/shadow", "/p/up", "/p/up/secrets", "/p/loop", "/e/shared/planted", "/s/../e",
            "p", "./p", "",
        ].map { bind($0, #", "read_only": true"#) }
        + ["/p/not-committed", "/p/empty", "/s", "/s/TOKEN", "/e/shared", "/e/shared/"].map {
            bind($0)
        }
        + [
            bind("/p", #", "bind": {"propagation": "shared"}"#),
            bind("/p", #", "bind": {"propagation": "rshared"}"#),
        ].map { Self("volumes.bind.propagation", $0.value) } + [
            Self("volumes", #"[{"type": "npipe", "source": "x", "target": "/x"}]"#),
            Self("volumes", #"[{"type": "cluster", "source": "x", "target": "/x"}]"#),
            Self("volumes", #"["/etc:/x"]"#), volume(#"{"driver": "sshfs"}"#),
            volume(#"{"driver_opts": {"type": "none", "o": "bind", "device": "/"}}"#),
            volume(#"{"driver": "local", "driver_opts": {"type": "nfs", "device": ":/x"}}"#),
            volume(#"{"external": true, "name": "production_data"}"#), volume(#"{"external": true}"#),
        ]

    private static func volume(_ definition: String) -> Self {
        Self(
            "volumes", #"[{"type": "volume", "source": "v", "target": "/x"}]"#,
            top: #"{"volumes": {"v": \#(definition)}}"#)
    }

    static let files: [Self] = [
        secret(#"{"file": "/etc/shadow"}"#), secret(#"{"file": "/e/other/secrets/TOKEN"}"#),
        secret(#"{"file": "/p/out/shadow"}"#), secret(#"{"file": "/p/app/env"}"#),
        secret(#"{"file": "/p/../etc/shadow"}"#),
        secret(#"{"file": "/sx/TOKEN"}"#), secret(#"{"environment": "HOME"}"#).deeper("environment"),
        secret(#"{"external": true}"#).deeper("external"), secret(#"{"driver": "x"}"#).deeper("driver"),
        Self("configs.c", #"[{"source": "c"}]"#, top: #"{"configs": {"c": {"file": "/etc/passwd"}}}"#),
        Self(
            "configs.c.environment", #"[{"source": "c"}]"#,
            top: #"{"configs": {"c": {"environment": "HOME"}}}"#),
    ]

    private func deeper(_ key: String) -> Self { Self("\(self.key).\(key)", value, top: top) }

    static let rights: [Self] =
        [
            "SYS_ADMIN", "sys_admin", "CAP_SYS_ADMIN", "cap_sys_admin", "ALL", "all", "NET_ADMIN",
            "NET_BIND_SERVICE", "SYS_PTRACE",
            "DAC_READ_SEARCH", "BPF", "",
        ].map { Self("cap_add", "[\"\($0)\"]") }
        + [
            "seccomp=unconfined", "seccomp:unconfined", "SECCOMP=unconfined", "apparmor=unconfined",
            "apparmor:unconfined",
            "label=disable", "label:disable", "label=type:spc_t", "systempaths=unconfined",
            "no-new-privileges=false",
            "no-new-privileges:false", "no-new-privileges:0", "seccomp=/p/app/profile.json", "",
        ].map { Self("security_opt", "[\"\($0)\"]") }
        + [
            Self("privileged", "true"), Self("privileged", #""true""#), Self("use_api_socket", "true"),
            Self("devices", #"[{"source": "/dev/sda", "target": "/dev/sda", "permissions": "rwm"}]"#),
            Self("devices", #"[{"source": "/dev/null", "target": "/dev/x"}]"#),
            Self("devices", #"["/dev/mem:/dev/mem"]"#),
            Self("device_cgroup_rules", #"["b *:* rwm"]"#), Self("gpus", #"[{"count": -1}]"#),
            Self(
                "deploy.resources.reservations.devices",
                #"{"resources": {"reservations": {"devices": [{"capabilities": ["gpu"]}]}}}"#),
            Self(
                "deploy.resources.reservations.generic_resources",
                #"{"resources": {"reservations": {"generic_resources": [{}]}}}"#),
            Self("post_start.privileged", #"[{"command": ["ls"], "privileged": true}]"#),
            Self("pre_stop.privileged", #"[{"command": ["ls"]}, {"command": ["ls"], "privileged": true}]"#),
        ]

    static let shared: [Self] = [
        Self("network_mode", #""host""#), Self("network_mode", #""service:worker""#),
        Self("network_mode", #""container:abc""#), Self("network_mode", #""production-network""#),
        Self("pid", #""host""#), Self("pid", #""container:abc""#), Self("pid", #""service:database""#),
        Self("pid", #""service:nobody""#), Self("ipc", #""host""#), Self("ipc", #""container:abc""#),
        Self("uts", #""host""#), Self("userns_mode", #""host""#), Self("cgroup", #""host""#),
        Self("cgroup_parent", #""/""#), Self("runtime", #""other""#), Self("isolation", #""process""#),
        Self("credential_spec", #"{"file": "x.json"}"#), Self("volumes_from", #"["container:abc"]"#),
        Self("links", #"["database"]"#), Self("external_links", #"["abc"]"#),
        Self(
            "networks", #"{"n": null}"#,
            top: #"{"networks": {"n": {"external": true, "name": "production"}}}"#),
        Self("networks", #"{"default": null}"#, top: #"{"networks": {"default": {"external": true}}}"#),
    ]

    static let limits: [Self] = [
        Self("sysctls", #"{"kernel.core_pattern": "|/x"}"#),
        Self("sysctls", #"{"vm.overcommit_memory": "1"}"#),
        Self("sysctls", #"["kernel.msgmax=1"]"#), Self("ulimits.nofile", #"{"nofile": -1}"#),
        Self("ulimits.nofile", #"{"nofile": {"soft": 1, "hard": 99999999}}"#),
        Self("ulimits.rtprio", #"{"rtprio": 99}"#),
        Self("ulimits.core", #"{"core": -1}"#), Self("oom_score_adj", "-1000"),
        Self("oom_kill_disable", "true"),
        Self("cpu_rt_runtime", "950000"), Self("deploy.replicas", #"{"replicas": 3}"#), Self("scale", "3"),
        Self("logging.driver", #"{"driver": "syslog", "options": {"syslog-address": "udp://192.0.2.1"}}"#),
        Self("logging.driver", #"{"driver": "fluentd"}"#),
        Self("logging.driver", #"{"driver": "someones/plugin"}"#),
        Self("logging.options.fluentd-address", #"{"options": {"fluentd-address": "192.0.2.1"}}"#),
    ]

    static let others: [Self] = [
        Self("labels", #"{"deployctl.role": "data"}"#),
        Self("labels", #"{"deployctl.colour": "20260101000000"}"#),
        Self("labels", #"{"com.docker.compose.project": "other"}"#),
        Self("labels", #"["deployctl.project=other"]"#),
        Self("annotations", #"{"run.oci.hooks": "x"}"#), Self("provider", #"{"type": "/p/app/run"}"#),
        Self("models", #"{"m": null}"#), Self("something_new", "1"),
        Self("deploy.something_new", #"{"something_new": 1}"#),
    ]

    static let builds: [Self] =
        [
            Self("build.context", #"{"context": "/"}"#), Self("build.context", #"{"context": "/e/other"}"#),
            Self("build.context", #"{"context": "/p/out"}"#), Self("build.context", #"{"context": ""}"#),
            Self("build.context", #"{"context": "https://example.com/x.git"}"#),
            Self("build.context", #"{"context": "git@example.com:x"}"#),
        ] + [
            build("dockerfile", #""/etc/passwd""#), build("dockerfile", #""../e/other/Dockerfile""#),
            build("dockerfile", #""app/env""#), build("additional_contexts", #"{"a": "/etc"}"#),
            build("additional_contexts", #"{"a": "/p/out"}"#),
            build("additional_contexts", #"{"a": "oci-layout:///etc"}"#),
            build("ssh", #"["default"]"#), build("privileged", "true"),
            build("entitlements", #"["security.insecure"]"#),
            build("network", #""host""#), build("network", #""production-network""#),
            build("extra_hosts", #"["a=10.0.0.1"]"#),
            build("tags", #"["mysql:8.0"]"#), build("cache_from", #"["type=local,src=/etc"]"#),
            build("cache_to", #"["type=local,dest=/root"]"#), build("isolation", #""process""#),
            build("labels", #"{"deployctl.project": "other"}"#), build("something_new", "1"),
            build("network", #"{"name": "host"}"#), build("network", #""container:abc""#),
            build("network", #"["host"]"#),
            build("cache_from", #"["type=registry,type=local,src=/etc"]"#),
            build("cache_from", #"["TYPE=local,src=/etc"]"#),
            build("cache_from", #"["src=/etc,type=local"]"#),
            build("cache_from", #"["\"type=registry\",type=local,src=/etc"]"#),
            build("cache_from", #"["type=registry,ref=x,type=local"]"#),
            build("cache_from", #"["type=registry,ref=x\",\"type=local"]"#),
            build("cache_from", #"["type=gha"]"#), build("cache_from", #"["type = local,src=/etc"]"#),
            build("cache_from", #""type=local,src=/etc""#), build("cache_from", #"{"type": "local"}"#),
            build("cache_from", #"[{"type": "local", "src": "/etc"}]"#),
            build("cache_to", #""type=local,dest=/root""#), build("cache_to", #"{"type": "inline"}"#),
            build("additional_contexts", #"["a=/etc"]"#), build("additional_contexts", #""a=/etc""#),
            build("additional_contexts", #"{"a": "DOCKER-IMAGE://x"}"#),
            build("additional_contexts", #"{"a": "https://example.com/x.git"}"#),
            build("additional_contexts", #"{"a": "/p/../etc"}"#),
            build("additional_contexts", #"{"a": null}"#),
            build("ssh", #"{"default": null}"#), build("ssh", #""default""#),
            build("ssh", #"["id=/root/.ssh/id"]"#),
            build("secrets", #""token""#), build("secrets", #"{"token": {}}"#),
            build("entitlements", #""network.host""#), build("entitlements", #"{"network.host": true}"#),
            build("privileged", #""true""#), build("extra_hosts", #"{"a": "10.0.0.1"}"#),
            build("extra_hosts", #""a=10.0.0.1""#), build("tags", #""mysql:8.0""#),
            build("dockerfile", #""out/Dockerfile""#),
            Self("build.dockerfile", #"{"context": "/p/app/leading"}"#),
            Self("build.context", #""/p""#), Self("build.context", #"["/p"]"#),
            Self("build.ulimits.nofile", #"{"context": "/p", "ulimits": {"nofile": -1}}"#),
            Self(
                "build.secrets.token", #"{"context": "/p", "secrets": [{"source": "token"}]}"#,
                top: #"{"secrets": {"token": {"file": "/s/TOKEN"}}}"#),
            Self(
                "build.secrets.token.environment", #"{"context": "/p", "secrets": [{"source": "token"}]}"#,
                top: #"{"secrets": {"token": {"environment": "HOME"}}}"#),
        ]
}
