import DeployCore
import Glibc

extension LocalFileStore {
    public func content(of folder: String, hashing: Bool) throws(DeployError) -> FolderContent {
        guard let top = Descriptor.open(folder, O_RDONLY | O_DIRECTORY) else {
            throw systemError(folder, "cannot be listed")
        }
        var content = FolderContent(entries: [])
        var information = stat()
        if fstat(top.number, &information) == 0 { content.changed[""] = information.changed }
        try look(into: top, folder, "", hashing, &content)
        content.entries.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        return content
    }

    /// Goes from open folder to open folder, so that any name will do and no link is followed.
    private func look(
        into folder: Descriptor, _ place: String, _ prefix: String, _ hashing: Bool,
        _ content: inout FolderContent
    ) throws(DeployError) {
        guard let names = rawNames(in: folder) else { throw systemError(place, "cannot be listed") }
        for name in names {
            let bytes = name.dropLast().map(UInt8.init(bitPattern:))
            let path = prefix + FolderContent.escaped(bytes)
            let shown = "\(place)/\(FolderContent.escaped(bytes))"
            var information = stat()
            guard fstatat(folder.number, name, &information, AT_SYMLINK_NOFOLLOW) == 0 else {
                if errno == ENOENT { continue }
                throw systemError(shown, "cannot be examined")
            }
            content.changed[path] = information.changed
            let mode = UInt16(information.st_mode & 0o7777)
            switch information.st_mode & S_IFMT {
            case S_IFDIR:
                guard let inner = try open(name, in: folder, O_DIRECTORY, shown) else { continue }
                content.entries.append(.init(path: path, kind: .folder, mode: mode))
                try look(into: inner, shown, "\(path)/", hashing, &content)
            case S_IFREG:
                guard let file = try open(name, in: folder, O_NONBLOCK, shown) else { continue }
                let digest =
                    hashing
                    ? try transfer(file, shown, to: nil)
                    : FileDigest(bytes: Int64(information.st_size), sha256: "")
                content.entries.append(
                    .init(path: path, kind: .file(bytes: digest.bytes, sha256: digest.sha256), mode: mode))
            case S_IFLNK:
                guard let target = readTarget(of: name, in: folder) else {
                    if errno == ENOENT { continue }
                    throw systemError(shown, "cannot be read")
                }
                content.entries.append(
                    .init(path: path, kind: .link(target: FolderContent.escaped(target)), mode: 0))
            case S_IFSOCK, S_IFIFO: continue
            default: throw systemError(shown, "is a device", EINVAL)
            }
        }
    }

    /// nil when it has gone meanwhile.
    private func open(_ name: [CChar], in folder: Descriptor, _ flags: Int32, _ shown: String)
        throws(DeployError) -> Descriptor?
    {
        let number = retrying { openat(folder.number, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | flags) }
        if number >= 0 { return Descriptor(number) }
        if errno == ENOENT { return nil }
        throw systemError(shown, "cannot be read")
    }

    public func exchange(_ folder: String, with other: String) throws(DeployError) {
        guard renameExchanging(folder, other) == 0 else {
            throw systemError(folder, "cannot change places with \(other)")
        }
        try synchroniseFolder(of: folder)
        if parentFolder(of: folder) != parentFolder(of: other) { try synchroniseFolder(of: other) }
    }

    public func identity(of path: String) -> String? {
        linkInformation(path).map { "\($0.st_dev):\($0.st_ino)" }
    }

    public func makeDurable(_ path: String) throws(DeployError) {
        guard let opened = Descriptor.open(path, O_RDONLY | O_NOFOLLOW) else {
            throw systemError(path, "cannot be made durable")
        }
        if kind(of: path) == .folder {
            guard syncfs(opened.number) == 0 else { throw systemError(path, "cannot be made durable") }
        } else {
            try synchronise(opened, path)
        }
        try synchroniseFolder(of: path)
    }
}

extension stat {
    /// When the content, the name or a right was last changed, in nanoseconds.
    fileprivate var changed: Int64 { Int64(st_ctim.tv_sec) * 1_000_000_000 + Int64(st_ctim.tv_nsec) }
}
