import CFiles
import DeployCore
import Glibc

extension LocalFileStore {
    public func dropHead(_ bytes: Int64, of path: String) throws(DeployError) {
        guard let file = Descriptor.open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK) else {
            throw systemError(path, "cannot be opened")
        }
        let failure = drop_head(file.number, off_t(bytes))
        if failure == 0 { return }
        guard [EOPNOTSUPP, EINVAL, ENOSYS].contains(failure) else {
            errno = failure
            throw systemError(path, "cannot be shortened")
        }
        guard Int64(file.information?.st_size ?? 0) - bytes <= Self.mostMoved else {
            throw DeployError(
                .stepFailed, what: "\(path) is too large to be shortened",
                why: "its file system takes no blocks off a file, and what is left does not fit in memory",
                next: "move it aside by hand, then restart the service that writes it")
        }
        try moveRest(of: file, from: bytes, path)
    }

    /// Bytes.
    private static let mostMoved: Int64 = 256 << 20

    /// Appends what is left to the emptied file, so that nobody's place in it matters.
    private func moveRest(of file: Descriptor, from begin: Int64, _ path: String) throws(DeployError) {
        var rest: [UInt8] = []
        var portion = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let got = portion.withUnsafeMutableBytes {
                pread(file.number, $0.baseAddress, $0.count, off_t(begin) + off_t(rest.count))
            }
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw systemError(path, "cannot be read") }
            if got == 0 { break }
            rest += portion.prefix(got)
        }
        guard ftruncate(file.number, 0) == 0 else { throw systemError(path, "cannot be shortened") }
        guard let appending = Descriptor.open(path, O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK),
            rest.withUnsafeBytes(appending.write)
        else { throw systemError(path, "cannot be written") }
    }
}
