/// What ordinary projects have in their Compose files; each as the parser prints it.
enum OrdinaryService {
    /// Keys and values of a service, and what stands at the top level.
    static let all: [(key: String, value: String, top: String)] = containers + mounts + builds

    private static let containers: [(String, String, String)] =
        [
            ("command", #"["npm", "start"]"#), ("command", "null"), ("entrypoint", #"["/entry"]"#),
            ("environment", #"{"NODE_ENV": "production"}"#), ("environment", #"{"DEBUG": null}"#),
            ("expose", #"["8000"]"#),
            ("ports", #"[{"mode": "ingress", "target": 80, "published": "8080", "protocol": "tcp"}]"#),
            ("depends_on", #"{"database": {"condition": "service_healthy", "required": true}}"#),
            ("healthcheck", #"{"test": ["CMD", "true"], "interval": "2s"}"#),
            ("restart", #""unless-stopped""#),
            ("image", #""redis:7""#), ("container_name", #""shop""#), ("hostname", #""shop""#),
            ("user", #""1000:1000""#),
            ("working_dir", #""/app""#), ("tty", "true"), ("stdin_open", "true"), ("init", "true"),
            ("read_only", "true"),
            ("tmpfs", #"["/tmp", "/run:uid=999"]"#), ("cap_drop", #"["ALL"]"#), ("cap_add", "[]"),
            ("security_opt", #"["no-new-privileges:true"]"#), ("security_opt", #"["no-new-privileges"]"#),
            ("security_opt", #"["apparmor=docker-default", "seccomp=builtin"]"#), ("privileged", "false"),
            ("privileged", "null"), ("network_mode", #""bridge""#), ("pid", #""service:worker""#),
            ("ipc", #""private""#),
            ("ipc", #""shareable""#), ("cgroup", #""private""#),
            ("sysctls", #"{"net.core.somaxconn": "1024"}"#),
            ("ulimits", #"{"nofile": {"soft": 65536, "hard": 65536}, "memlock": {"soft": -1, "hard": -1}}"#),
            ("ulimits", #"{"nproc": 65535, "core": 0}"#), ("oom_score_adj", "500"), ("pids_limit", "200"),
            ("mem_limit", #""536870912""#), ("memswap_limit", #""-1""#), ("cpus", "1.5"),
            ("cpu_shares", "512"),
            ("shm_size", #""268435456""#), ("stop_grace_period", #""1m0s""#), ("stop_signal", #""SIGQUIT""#),
            ("logging", #"{"driver": "json-file", "options": {"max-size": "10m", "max-file": "3"}}"#),
            ("logging", #"{"driver": "local"}"#), ("logging", #"{"options": {"max-size": "1m"}}"#),
            ("labels", #"{"traefik.enable": "true"}"#),
            ("extra_hosts", #"["host.docker.internal=host-gateway"]"#),
            ("dns", #"["1.1.1.1"]"#), ("platform", #""linux/amd64""#), ("profiles", #"["development"]"#),
            ("pull_policy", #""always""#), ("group_add", #"["1001"]"#), ("runtime", #""runc""#),
            ("x-note", "1"),
            (
                "deploy",
                #"{"replicas": 1, "resources": {"limits": {"cpus": "0.5", "memory": "134217728"}}, "placement": {}}"#
            ),
            ("deploy", #"{"restart_policy": {"condition": "on-failure"}}"#), ("scale", "1"),
            ("blkio_config", #"{"weight": 300}"#),
            ("post_start", #"[{"command": ["./migrate"], "user": "app"}]"#),
            ("develop", #"{"watch": [{"path": "/p", "action": "sync", "target": "/app"}]}"#),
            ("links", "[]"), ("devices", "null"), ("mac_address", #""02:42:ac:11:65:43""#),
        ].map { ($0.0, $0.1, "{}") } + [
            (
                "networks", #"{"front": null, "back": {"aliases": ["shop"]}}"#,
                #"{"networks": {"front": {"driver": "bridge"}}}"#
            ),
            (
                "networks", #"{"n": null}"#,
                #"{"networks": {"n": {"external": true, "name": "staging-network"}}}"#
            ),
        ]

    private static let mounts: [(String, String, String)] =
        [
            "/p", "/p/app", "/p/app/Dockerfile", "/p/not-there-yet", "/p/inside", "/p/uploads", "/e/shared",
            "/e/shared/uploads", "/s/TOKEN", "/p//app/", "/p/./app",
        ].map {
            ("volumes", #"[{"type": "bind", "source": "\#($0)", "target": "/x", "read_only": true}]"#, "{}")
        }
        + [
            "/p", "/p/app", "/p/app/Dockerfile", "/p/inside", "/e/shared/uploads", "/e/shared/uploads/",
            "/e/shared/not/there/yet", "/p/uploads",
        ].map {
            ("volumes", #"[{"type": "bind", "source": "\#($0)", "target": "/x"}]"#, "{}")
        } + [
            (
                "volumes",
                #"[{"type": "bind", "source": "/p", "target": "/x", "read_only": true, "bind": {"create_host_path": true}}]"#,
                "{}"
            ),
            (
                "volumes",
                #"[{"type": "bind", "source": "/p", "target": "/x", "read_only": true, "bind": {"propagation": "rprivate"}}]"#,
                "{}"
            ),
            ("volumes", #"[{"type": "volume", "target": "/app/node_modules"}]"#, "{}"),
            ("volumes", #"[{"type": "tmpfs", "target": "/tmp", "tmpfs": {"size": "10"}}]"#, "{}"),
            (
                "volumes", #"[{"type": "volume", "source": "v", "target": "/v", "volume": {}}]"#,
                #"{"volumes": {"v": {"name": "shop_v", "driver": "local", "labels": {"a": "b"}}}}"#
            ),
            (
                "volumes", #"[{"type": "volume", "source": "v", "target": "/v"}]"#,
                #"{"volumes": {"v": {"external": true, "name": "staging_data"}}}"#
            ),
            (
                "secrets", #"[{"source": "t", "target": "/t"}]"#,
                #"{"secrets": {"t": {"name": "x_t", "file": "/p/app/t"}}}"#
            ),
            ("secrets", #"[{"source": "t"}]"#, #"{"secrets": {"t": {"file": "/s/T"}}}"#),
            ("configs", #"[{"source": "c"}]"#, #"{"configs": {"c": {"name": "x_c", "content": "x"}}}"#),
            ("configs", #"[{"source": "c"}]"#, #"{"configs": {"c": {"file": "/p/inside/c"}}}"#),
        ]

    private static let builds: [(String, String, String)] = [
        #"{"context": "/p", "dockerfile": "Dockerfile"}"#,
        #"{"context": "/p/app", "dockerfile": "../Dockerfile.prod"}"#,
        #"{"context": "/p/inside", "target": "prod", "args": {"A": "1"}}"#,
        #"{"context": "/p", "dockerfile": "/p/app/Dockerfile"}"#,
        #"{"context": "/p", "additional_contexts": {"a": "docker-image://alpine", "b": "/p/app", "c": "service:worker"}}"#,
        #"{"context": "/p", "dockerfile_inline": "FROM x"}"#,
        #"{"context": "/p", "cache_from": ["shop:latest", "type=registry,ref=example.com:5000/shop:latest"]}"#,
        #"{"context": "/p", "cache_from": [], "network": "", "additional_contexts": {}, "secrets": null}"#,
        #"{"context": "/p", "network": "none", "labels": {"a": "b"}, "platforms": ["linux/amd64"]}"#,
    ].map { ("build", $0, "{}") }
}
