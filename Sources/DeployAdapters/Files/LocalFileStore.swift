import DeployCore
import FoundationEssentials
import Glibc

/// Files of this machine.
public struct LocalFileStore: FileStore {
    /// nil: nothing ends a long copy before its time.
    private let interruption: (any Interruption)?

    /// Where somebody interrupts, a copy and a digest end.
    public init(interruption: (any Interruption)? = nil) { self.interruption = interruption }

    /// - Throws: the code of the signal that came.
    func checkInterruption(reading path: String) throws(DeployError) {
        guard let code = interruption?.requested() else { return }
        throw DeployError(
            code, what: "The run was asked to stop", why: "\(code.meaning), while \(path) was read",
            next: "deployctl status")
    }

    public func read(_ path: String) throws(DeployError) -> Data? {
        guard let file = Descriptor.open(path, O_RDONLY | O_NONBLOCK) else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw systemError(path, "cannot be read")
        }
        guard let bytes = file.readAll() else { throw systemError(path, "cannot be read") }
        return Data(bytes)
    }

    public func readEnd(of path: String, bytes: Int) throws(DeployError) -> Data? {
        guard let file = Descriptor.open(path, O_RDONLY | O_NONBLOCK) else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw systemError(path, "cannot be read")
        }
        let length = Int(file.information?.st_size ?? 0)
        lseek(file.number, off_t(max(0, length - bytes)), SEEK_SET)
        guard let end = file.readAll() else { throw systemError(path, "cannot be read") }
        return Data(end.suffix(bytes))
    }

    public func read(_ path: String, from offset: Int64, limit: Int) throws(DeployError) -> Data? {
        guard let file = Descriptor.open(path, O_RDONLY | O_NONBLOCK) else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw systemError(path, "cannot be read")
        }
        guard limit > 0 else { return Data() }
        guard let room = malloc(limit) else { throw systemError(path, "cannot be read") }
        var count = 0
        while count < limit {
            let got = pread(file.number, room + count, limit - count, off_t(offset) + off_t(count))
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else {
                let error = systemError(path, "cannot be read")
                free(room)
                throw error
            }
            if got == 0 { break }
            count += got
        }
        // A caller may keep little of much.
        let kept = count < limit / 2 ? realloc(room, max(1, count)) ?? room : room
        return Data(bytesNoCopy: kept, count: count, deallocator: .free)
    }

    public func append(_ line: String, to path: String) throws(DeployError) {
        try makeFolder(parentFolder(of: path))
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW
        guard let file = Descriptor.open(path, flags, mode: 0o600) else {
            throw systemError(path, "cannot be opened")
        }
        var text = line + "\n"
        guard text.withUTF8({ file.write(UnsafeRawBufferPointer($0)) }) else {
            throw systemError(path, "cannot be written")
        }
    }

    public func publish(_ data: Data, to path: String) throws(DeployError) {
        try publish(data, to: path, mode: 0o600)
    }

    public func publishForAll(_ data: Data, to path: String) throws(DeployError) {
        try publish(data, to: path, mode: 0o644)
    }

    private func publish(_ data: Data, to path: String, mode: mode_t) throws(DeployError) {
        let temporary = temporaryName(for: path)
        do throws(DeployError) {
            let file = try createFile(temporary, mode: mode)
            guard data.withUnsafeBytes(file.write) else { throw systemError(path, "cannot be written") }
            try synchronise(file, path)
            guard Glibc.rename(temporary, path) == 0 else { throw systemError(path, "cannot be replaced") }
        } catch {
            unlink(temporary)
            throw error
        }
        try synchroniseFolder(of: path)
    }

    public func rename(_ path: String, to destination: String) throws(DeployError) {
        guard Glibc.rename(path, destination) == 0 else {
            throw systemError(path, "cannot be moved to \(destination)")
        }
        try synchroniseFolder(of: destination)
        if parentFolder(of: path) != parentFolder(of: destination) { try synchroniseFolder(of: path) }
    }

    public func pointLink(_ path: String, to target: String) throws(DeployError) {
        let temporary = temporaryName(for: path)
        unlink(temporary)
        guard symlink(target, temporary) == 0 else { throw systemError(path, "cannot be made a link") }
        guard Glibc.rename(temporary, path) == 0 else {
            let failure = systemError(path, "cannot be replaced by a link")
            unlink(temporary)
            throw failure
        }
        try synchroniseFolder(of: path)
    }

    public func linkTarget(_ path: String) -> String? { readLink(path) }

    public func kind(of path: String) -> FileKind? {
        linkInformation(path).map { information in
            switch information.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .other
            }
        }
    }

    public func names(in folder: String) -> [String] {
        (folderNames(folder) ?? []).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    public func size(of path: String) -> Int64? {
        var information = stat()
        return stat(path, &information) == 0 ? Int64(information.st_size) : nil
    }

    public func lastChange(of path: String) -> Date? {
        linkInformation(path).map { Date(timeIntervalSince1970: Double($0.st_mtim.tv_sec)) }
    }

    public func permissions(of path: String) -> FilePermissions? {
        linkInformation(path).map {
            FilePermissions(mode: UInt16($0.st_mode & 0o7777), ownedByUser: $0.st_uid == geteuid())
        }
    }

    public func stranger(on path: String) -> Stranger? { Ownership.allowed.stranger(on: path) }

    public func freeBytes(at path: String) -> Int64? {
        fileSystem(of: path).map { Int64($0.f_bavail) * Int64($0.f_frsize) }
    }

    public func freeFiles(at path: String) -> Int64? {
        fileSystem(of: path).flatMap { $0.f_files == 0 ? nil : Int64($0.f_favail) }
    }

    /// Of its nearest parent where it is not there yet.
    private func fileSystem(of path: String) -> statvfs? {
        var information = statvfs()
        var path = path
        while statvfs(path, &information) != 0 {
            let parent = parentFolder(of: path)
            guard errno == ENOENT || errno == ENOTDIR, parent != path else { return nil }
            path = parent
        }
        return information
    }

    public func lock(_ path: String) throws(DeployError) -> (any HeldLock)? {
        try FileLock.take(path)
    }

    /// The kernel lists locks by device and inode.
    public func isLocked(_ path: String) -> Bool {
        var information = stat()
        guard stat(path, &information) == 0 else { return false }
        return ProcFile.lines("/proc/locks").contains { line in
            let words = line.split(at: " ")
            return words.contains { $0 == "FLOCK" }
                && words.contains { $0.ends(with: ":\(information.st_ino)") }
        }
    }
}

/// A new file of exactly `mode`, whatever the umask.
func createFile(_ path: String, mode: mode_t) throws(DeployError) -> Descriptor {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW
    guard let file = Descriptor.open(path, flags, mode: 0o600), fchmod(file.number, mode) == 0 else {
        throw systemError(path, "cannot be created")
    }
    return file
}

func synchronise(_ descriptor: Descriptor, _ path: String) throws(DeployError) {
    guard retrying({ fsync(descriptor.number) }) == 0 else {
        throw systemError(path, "cannot be made durable")
    }
}

func synchroniseFolder(_ folder: String) throws(DeployError) {
    guard let descriptor = Descriptor.open(folder, O_RDONLY | O_DIRECTORY) else {
        throw systemError(folder, "cannot be made durable")
    }
    try synchronise(descriptor, folder)
}

func synchroniseFolder(of path: String) throws(DeployError) {
    try synchroniseFolder(parentFolder(of: path))
}
