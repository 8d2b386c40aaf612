import DeployCore
import Glibc

/// The kernel's lock on an open file: it ends with this process however it ends.
final class FileLock: HeldLock {
    private let file: Descriptor

    private init(_ file: Descriptor) { self.file = file }

    static func take(_ path: String) throws(DeployError) -> FileLock? {
        while true {
            let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK
            guard let file = Descriptor.open(path, flags, mode: 0o600), let opened = file.information else {
                throw unusable(path, errno)
            }
            guard opened.st_mode & S_IFMT == S_IFREG else { throw unusable(path, EINVAL) }
            guard retrying({ flock(file.number, LOCK_EX | LOCK_NB) }) == 0 else {
                if errno == EWOULDBLOCK { return nil }
                throw systemError(path, "cannot be locked")
            }
            // The file may have been replaced between opening and locking.
            if let named = linkInformation(path), named.st_ino == opened.st_ino, named.st_dev == opened.st_dev
            {
                fchmod(file.number, 0o600)
                return FileLock(file)
            }
        }
    }

    func describe(_ text: String) {
        let bytes = Array(text.utf8)
        guard ftruncate(file.number, 0) == 0 else { return }
        _ = retrying { pwrite(file.number, bytes, bytes.count, 0) }
    }

    private static func unusable(_ path: String, _ code: Int32) -> DeployError {
        switch code {
        case ELOOP, EISDIR, EINVAL, ENXIO:
            DeployError(
                .unexpected, what: "\(path) cannot be a lock", why: "it is not a regular file",
                next: "move \(path) away, then run this again")
        default: systemError(path, "cannot be opened as a lock", code)
        }
    }
}
