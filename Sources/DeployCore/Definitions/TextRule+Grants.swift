/// What of the machine a definition may give to a container; what is as much as the machine itself is not among it.
extension TextRule {
    static let grantedBind = TextRule(
        expectation:
            "an absolute path that is neither the system's own nor holds a socket, and :ro or :rw, such as \"/srv/media:ro\"",
        pattern: "^/[^:\\u0000-\\u001f\\u007f\\\\]+:(ro|rw)$", example: "/srv/media:ro"
    ) { text in
        guard let (path, mode) = text.cutLast(at: ":"), mode == "ro" || mode == "rw" else { return false }
        let folder = String(path)
        guard isPlace(folder), !whole.contains(folder), !folder.ends(with: ".sock") else { return false }
        return !(never + (mode == "rw" ? system : [])).contains {
            folder == $0 || folder.begins(with: "\($0)/")
        }
    }

    static let grantedDevice = TextRule(
        expectation:
            "the path of a device below /dev that is neither a disk nor memory, such as \"/dev/ttyUSB0\"",
        pattern: "^/dev/[A-Za-z0-9][A-Za-z0-9._/-]*$", example: "/dev/ttyUSB0"
    ) { text in
        guard let name = text.after("/dev/"), isPlace(text) else { return false }
        return !disks.contains { name.begins(with: $0) }
    }

    private static let whole =
        ["/home", "/mnt", "/media", "/opt", "/srv", "/tmp", "/var", "/var/lib"] + system
    private static let system = ["/bin", "/etc", "/lib", "/lib64", "/sbin", "/usr"]
    private static let never = [
        "/boot", "/dev", "/proc", "/root", "/run", "/sys", "/var/run", "/var/lib/docker",
        "/var/lib/containerd",
        "/var/lib/containers", "/var/spool/cron", "/etc/docker", "/etc/shadow", "/etc/shadow-",
        "/etc/gshadow",
        "/etc/gshadow-", "/etc/sudoers", "/etc/sudoers.d", "/etc/ssh", "/etc/ssl/private",
    ]
    private static let disks = [
        "dm-", "fd", "kmem", "loop", "mapper", "md", "mem", "nbd", "nvme", "port", "root", "sd", "sg", "sr",
        "vd", "xvd",
        "zd", "disk", "block", "shm", "mqueue", "pts",
    ]

    private static func isPlace(_ path: String) -> Bool {
        let parts = path.split(at: "/", keepsEmpty: true).dropFirst()
        return path.begins(with: "/") && !parts.isEmpty && !parts.contains { ["", ".", ".."].contains($0) }
            && path.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F && !":\\".utf8.contains($0) }
    }
}
