import Glibc

// Swift's Glibc module is compiled without _GNU_SOURCE, so these calls of the C library are declared by hand.

@_silgen_name("pipe2")
func pipe2(_ descriptors: UnsafeMutablePointer<Int32>, _ flags: Int32) -> Int32

@_silgen_name("syncfs")
func syncfs(_ descriptor: Int32) -> Int32

@_silgen_name("renameat2")
private func renameat2(
    _ from: Int32, _ path: UnsafePointer<CChar>, _ to: Int32, _ other: UnsafePointer<CChar>, _ flags: UInt32
) -> Int32

/// Two paths change places in one step of the file system.
func renameExchanging(_ path: String, _ other: String) -> Int32 {
    renameat2(AT_FDCWD, path, AT_FDCWD, other, 2)
}

@_silgen_name("memmem")
func memmem(
    _ bytes: UnsafeRawPointer, _ count: Int, _ part: UnsafeRawPointer, _ partCount: Int
) -> UnsafeRawPointer?

@_silgen_name("syscall")
private func syscall(_ number: Int, _ first: Int, _ second: Int, _ third: Int, _ fourth: Int) -> Int

@_silgen_name("prctl")
private func prctl(_ option: Int32, _ value: UInt, _ third: UInt, _ fourth: UInt, _ fifth: UInt) -> Int32

@_silgen_name("prlimit")
func processLimit(
    _ pid: Int32, _ resource: Int32, _ new: UnsafePointer<rlimit>?, _ old: UnsafeMutablePointer<rlimit>?
) -> Int32

@_silgen_name("setfsuid")
func fileUser(_ user: uid_t) -> Int32

@_silgen_name("setfsgid")
func fileGroup(_ group: gid_t) -> Int32

/// The bytes read, -1 with `errno`.
@_silgen_name("fgetxattr")
func readAttribute(
    _ file: Int32, _ name: UnsafePointer<CChar>, _ value: UnsafeMutableRawPointer, _ size: Int
) -> Int

/// The same of a path, whose last part is not followed.
@_silgen_name("lgetxattr")
func readAttribute(
    _ path: UnsafePointer<CChar>, _ name: UnsafePointer<CChar>, _ value: UnsafeMutableRawPointer, _ size: Int
) -> Int

/// Names, each with a closing zero; the bytes read, -1 with `errno`.
@_silgen_name("flistxattr")
func listAttributes(_ file: Int32, _ names: UnsafeMutablePointer<CChar>, _ size: Int) -> Int

@_silgen_name("fsetxattr")
func writeAttribute(
    _ file: Int32, _ name: UnsafePointer<CChar>, _ value: UnsafeRawPointer, _ size: Int, _ flags: Int32
) -> Int32

/// The same of a path, whose last part is not followed.
@_silgen_name("lsetxattr")
func writeAttribute(
    _ path: UnsafePointer<CChar>, _ name: UnsafePointer<CChar>, _ value: UnsafeRawPointer, _ size: Int,
    _ flags: Int32
) -> Int32

@_silgen_name("unshare")
private func unshare(_ flags: Int32) -> Int32

@_silgen_name("mount")
func mountFolder(
    _ source: UnsafePointer<CChar>?, _ target: UnsafePointer<CChar>, _ type: UnsafePointer<CChar>?,
    _ flags: UInt,
    _ options: UnsafePointer<CChar>?
) -> Int32

/// Keeps this process's memory out of core files and away from other programs of the same user.
///
/// What it starts leaves no core file either, unless it raises its own limit.
public func hideMemory() {
    _ = prctl(4, 0, 0, 0, 0)
    // A program that collects core files gets those of limit 0 too, but none of limit 1, which is no page either.
    var limit = rlimit()
    let coreFile: Int32 = 4
    guard processLimit(0, coreFile, nil, &limit) == 0 else { return }
    limit.rlim_cur = min(1, limit.rlim_max)
    _ = processLimit(0, coreFile, &limit, nil)
}

/// Gives the calling thread, and what it starts, a view of the file system of its own.
func leaveMountNamespace() -> Int32 { unshare(0x20000) }

/// Gives the calling thread, and what it starts, a umask of its own.
func leaveFileSettings() -> Int32 { unshare(0x200) }

/// No program that the calling thread starts gets this capability, not even as the superuser.
func dropCapability(_ number: UInt) { _ = prctl(24, number, 0, 0, 0) }

/// A descriptor that becomes readable when the process ends; -1 where the kernel has none (before 5.3).
func openProcessDescriptor(_ pid: Int32) -> Int32 { Int32(syscall(434, Int(pid), 0, 0, 0)) }

/// Opens a name below a folder, for nothing but to know that it is there; fails with `EXDEV` where something is mounted on the way, and with
/// `ENOSYS` before Linux 5.6.
func openWithinMount(_ folder: Int32, _ path: String) -> Int32 {
    var how: [UInt64] = [UInt64(O_CLOEXEC | O_NOFOLLOW | 0x20_0000), 0, 1]
    return path.withCString { name in
        how.withUnsafeMutableBytes {
            Int32(
                syscall(437, Int(folder), Int(bitPattern: name), Int(bitPattern: $0.baseAddress), $0.count))
        }
    }
}

@_silgen_name("fstatfs")
private func fstatfs(_ descriptor: Int32, _ answer: UnsafeMutableRawPointer) -> Int32

/// The number of the file system's kind, as the kernel's header `magic.h` lists them; nil when it cannot be asked.
func fileSystemKind(_ descriptor: Int32) -> Int? {
    // The kind is the first word of an answer of at most 120 bytes.
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 32) { words in
        guard let start = words.baseAddress, fstatfs(descriptor, start) == 0 else { return nil }
        return words[0]
    }
}

#if arch(x86_64)
    private let setGroups = 116
#else
    private let setGroups = 159
#endif

/// Replaces the further groups of this thread alone, where the C library's call would replace all threads'.
func setThreadGroups(_ groups: [gid_t]) -> Bool {
    groups.withUnsafeBufferPointer { list in
        syscall(setGroups, list.count, Int(bitPattern: list.baseAddress), 0, 0) == 0
    }
}

/// The further groups of this thread.
func threadGroups() -> [gid_t] {
    var groups = [gid_t](repeating: 0, count: Int(max(getgroups(0, nil), 0)))
    let count = getgroups(Int32(groups.count), &groups)
    return Array(groups.prefix(Int(max(count, 0))))
}

@_silgen_name("statx")
private func statx(
    _ folder: Int32, _ path: UnsafePointer<CChar>, _ flags: Int32, _ mask: UInt32,
    _ buffer: UnsafeMutableRawPointer
) -> Int32

/// Seconds since 1970 when a file was made, links not followed; nil where the file system does not say.
func birthOfFile(_ path: String) -> Double? {
    // As the kernel lays it out: which answers there are, and the birth after 80 bytes.
    let (noLink, birth): (Int32, UInt32) = (0x100, 0x800)
    return withUnsafeTemporaryAllocation(byteCount: 256, alignment: 8) { buffer in
        guard let start = buffer.baseAddress, statx(AT_FDCWD, path, noLink, birth, start) == 0,
            start.load(as: UInt32.self) & birth != 0
        else { return nil }
        let seconds = start.load(fromByteOffset: 80, as: Int64.self)
        let nanoseconds = start.load(fromByteOffset: 88, as: UInt32.self)
        return Double(seconds) + Double(nanoseconds) / 1e9
    }
}
