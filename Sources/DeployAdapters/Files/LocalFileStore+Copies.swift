import DeployCore
import Glibc

extension LocalFileStore {
    @discardableResult
    public func copy(_ path: String, to destination: String, atMost limit: Int64, durably: Bool)
        throws(DeployError) -> FileDigest
    {
        let source = try openSource(path, 0)
        let file = try createFile(destination, mode: 0o600)
        do throws(DeployError) {
            let digest =
                (source.information?.st_size ?? .max) <= limit && isClone(file, of: source)
                ? try digest(of: destination)
                : try transfer(source, path, to: (file, destination), atMost: limit)
            guard durably else { return digest }
            try synchronise(file, destination)
            try synchroniseFolder(of: destination)
            return digest
        } catch {
            unlink(destination)
            throw error
        }
    }

    public func digest(of path: String) throws(DeployError) -> FileDigest {
        try transfer(openSource(path, 0), path, to: nil)
    }

    /// Whether the file system gave `file` the blocks of `source`, as they were at one moment.
    private func isClone(_ file: Descriptor, of source: Descriptor) -> Bool {
        let clone: UInt = 0x4004_9409
        return ioctl(file.number, clone, source.number) == 0
    }

    /// Opens a regular file for reading from front to back.
    func openSource(_ path: String, _ flags: Int32) throws(DeployError) -> Descriptor {
        guard let source = Descriptor.open(path, O_RDONLY | O_NONBLOCK | flags),
            let information = source.information
        else { throw systemError(path, "cannot be read") }
        guard information.st_mode & S_IFMT == S_IFREG else {
            throw systemError(path, "is not a regular file", EINVAL)
        }
        return source
    }

    /// Reads `source` to its end, writing what it reads to `copy`.
    func transfer(
        _ source: Descriptor, _ path: String, to copy: (file: Descriptor, path: String)?,
        atMost limit: Int64 = .max
    ) throws(DeployError) -> FileDigest {
        var hash = SHA256()
        var total: Int64 = 0
        let expected = Int(clamping: source.information?.st_size ?? 0)
        let room = min(max(expected &+ 1, 1 << 12), 1 << 20)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: room, alignment: 64)
        defer { buffer.deallocate() }
        while true {
            try checkInterruption(reading: path)
            let count = source.read(into: buffer)
            if count < 0 { throw systemError(path, "cannot be read") }
            if count == 0 || total > limit { return FileDigest(bytes: total, sha256: hash.hexadecimal()) }
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            hash.update(bytes)
            total += Int64(count)
            if let copy, !copy.file.write(bytes) { throw systemError(copy.path, "cannot be written") }
        }
    }

    /// Makes a copied tree durable: file by file, or the whole file system at once where that is faster.
    func synchroniseTree(_ root: String, _ folders: Set<ByteText>, files: [String]) throws(DeployError) {
        if files.count > 256 {
            guard let top = Descriptor.open(root, O_RDONLY | O_DIRECTORY), syncfs(top.number) == 0 else {
                throw systemError(root, "cannot be made durable")
            }
            return
        }
        for file in files {
            let path = "\(root)/\(file)"
            guard let opened = Descriptor.open(path, O_RDONLY | O_NOFOLLOW) else {
                throw systemError(path, "cannot be made durable")
            }
            try synchronise(opened, path)
        }
        for folder in folders { try synchroniseFolder("\(root)/\(folder.text)") }
        try synchroniseFolder(root)
    }
}
