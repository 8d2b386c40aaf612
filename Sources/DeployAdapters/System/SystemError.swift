import DeployCore
import Glibc

/// A failed system call in the operator's words.
func systemError(_ path: String, _ failure: String, _ code: Int32 = errno) -> DeployError {
    DeployError(
        isMachineState(code) ? .stepFailed : .unexpected, what: "\(path) \(failure)",
        why: String(cString: strerror(code)), next: systemAdvice(for: code, path))
}

/// Whether a system call fails because of what the machine is short of: no bug of anybody.
func isMachineState(_ code: Int32) -> Bool { [ENOSPC, EDQUOT, EFBIG, EROFS, EIO].contains(code) }

/// What to do about a failed system call on this path.
func systemAdvice(for code: Int32, _ path: String) -> String {
    switch code {
    case ENOSPC:
        "free space or inodes on the file system that holds \(path) (df -h; df -i), then run this again"
    case EDQUOT: "raise the disk quota, or remove files of this user below \(path), then run this again"
    case EFBIG: "raise the limit of what one file may hold (ulimit -f), then run this again"
    case EROFS: "mount the file system that holds \(path) writable, then run this again"
    case EACCES, EPERM: "give this user access (ls -ld \(path)), then run this again"
    case EMFILE, ENFILE: "raise the limit of open files (ulimit -n), then run this again"
    case ENOENT: "make sure that the folder of \(path) exists, then run this again"
    case EIO: "check the disk that holds \(path) (dmesg), then run this again"
    case ENXIO, ENODEV:
        "connect or mount the device behind \(path) (findmnt -T \(path); dmesg), then run this again"
    case ENAMETOOLONG:
        "move the project to a folder with a shorter name, since \(path) has \(path.utf8.count) bytes, then run this again"
    case EBUSY, ETXTBSY: "end what uses \(path) (fuser -vm \(path)), then run this again"
    case ELOOP, ENOTDIR, EISDIR:
        "move away what is in the place of \(path) (ls -ld \(path)), then run this again"
    default:
        path.begins(with: "/")
            ? "look at \(path) (ls -ld \(path); df \(path)), then run this again" : "deployctl doctor"
    }
}

/// Repeats a call that a signal cut short.
@inline(__always)
func retrying<Value: SignedInteger>(_ call: () -> Value) -> Value {
    while true {
        let value = call()
        if value != -1 || errno != EINTR { return value }
    }
}
