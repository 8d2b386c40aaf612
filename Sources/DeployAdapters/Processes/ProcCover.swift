import Glibc

/// Tells whether what `/proc` says of a process is what the kernel says, or what somebody mounted over it.
///
/// Whoever may make a mount namespace can show a process below it another parent, other arguments, other variables.
enum ProcCover {
    /// What lineage is read from.
    private static let names = ["stat", "status", "cmdline", "environ", "cgroup", "limits", "comm", "exe"]
    private static let processFiles = 0x9fa0

    /// False where the kernel cannot say (before Linux 5.6).
    static func lies(over pid: Int32) -> Bool {
        guard let root = Descriptor.open("/proc", O_RDONLY | O_DIRECTORY),
            fileSystemKind(root.number) == processFiles
        else {
            return true
        }
        return names.contains { name in
            let opened = openWithinMount(root.number, "\(pid)/\(name)")
            if opened >= 0 { close(opened) }
            return opened < 0 && errno == EXDEV
        }
    }
}
