extension WrongDefinition {
    private static let places = [
        "/:rw", "/etc:ro", "/etc/nginx:rw", "/etc/shadow:ro", "/usr/local:rw", "/var:ro", "/var/lib:ro",
        "/var/lib/docker:ro",
        "/var/lib/docker/volumes:ro", "/run:ro", "/run/docker.sock:rw", "/var/run/docker.sock:ro",
        "/srv/docker.sock:ro",
        "/proc:ro", "/sys:ro", "/dev:ro", "/dev/sda:ro", "/root:ro", "/root/.ssh:ro", "/home:ro", "/boot:ro",
        "/srv/../etc:ro",
        "/srv//x:ro", "/srv/x/:ro", "/srv/./x:ro", "srv/x:ro", "/srv/x", "/srv/x:ro:rw", "/srv/x:z",
        "/srv/a:b:ro", "",
    ]
    private static let devices = [
        "/dev", "/dev/", "/dev/sda", "/dev/nvme0n1", "/dev/mem", "/dev/kmem", "/dev/port", "/dev/dm-0",
        "/dev/mapper/x",
        "/dev/../etc/shadow", "/dev//sda", "/etc/x", "dev/null", "/dev/disk/by-id/x",
    ]

    private static func granted(_ grants: String) -> String {
        #""runtime": {"kind": "compose", "file": "c.yml"}, "services": {"backend": {"command": null, "grants": \#(grants)}}"#
    }

    static let granted: [WrongDefinition] =
        places.map {
            .init(
                "mounting \($0)", granted(#"{"binds": ["\#($0)"]}"#), at: "services.backend.grants.binds[0]",
                says: "an absolute path that is neither the system's own")
        }
        + devices.map {
            .init(
                "the device \($0)", granted(#"{"devices": ["\#($0)"]}"#),
                at: "services.backend.grants.devices[0]",
                says: "a device below /dev that is neither a disk nor memory")
        }
        + ["ALL", "SYS_ADMIN", "SYS_MODULE", "SYS_RAWIO", "DAC_READ_SEARCH", "CAP_CHOWN", "chown"].map {
            .init(
                "the capability \($0)", granted(#"{"capabilities": ["\#($0)"]}"#),
                at: "services.backend.grants.capabilities[0]", says: "\"NET_BIND_SERVICE\"")
        } + [
            .init(
                "a privileged service", granted(#"{"privileged": true}"#),
                at: "services.backend.grants.privileged",
                says: "unknown key"),
            .init(
                "an unknown option", granted(#"{"securityOptions": ["no-new-privileges=false"]}"#),
                at: "services.backend.grants.securityOptions[0]", says: "\"seccomp=unconfined\""),
            .init(
                "grants for processes", #""services": {"backend": {"grants": {"gpus": true}}}"#,
                at: "services.backend.grants", says: "for containers only"),
            .init(
                "a database's folder inside a shared one",
                #""user": "shop", "shared": ["uploads"], "database": {"engine": "sqlite", "file": "uploads/data/app.db"}"#,
                at: "database.file", says: "lies in a folder inside \"uploads\""),
            .init(
                "a database beside shared folders",
                #""user": "shop", "shared": ["uploads"], "database": {"engine": "sqlite", "file": "app.db"}"#,
                at: "database.file", says: "lies beside the shared folders"),
            .init(
                "grants for an edge",
                #""runtime": {"kind": "compose", "file": "c.yml"}, "services": {"backend": {"command": null}, "front": {"grants": {"gpus": true}}}"#,
                at: "services.front.grants", says: "no meaning for an edge"),
        ]
}
