import DeployCore
import Glibc

extension LocalFileStore {
    public func manifest(of folder: String, except: Set<String>) throws(DeployError) -> Manifest {
        guard let top = Descriptor.open(folder, O_RDONLY | O_DIRECTORY) else {
            throw systemError(folder, "cannot be listed")
        }
        var entries: [Manifest.Entry] = []
        try collect(top, folder, "", except, into: &entries)
        entries.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        return Manifest(entries: entries)
    }

    public func copy(_ manifest: Manifest, from folder: String, to destination: String) throws(DeployError) {
        try makeFolder(destination)
        var made: Set<ByteText> = []
        let source = try Beneath(folder, followsLinks: false)
        let target = try Beneath(destination, followsLinks: false)
        for entry in manifest.entries {
            try checkPath(entry.path)
            let path = Array(entry.path.utf8)
            guard let from = try source.find(path, followingLast: false), from.information != nil else {
                throw differs(source.shown(path), "it is missing")
            }
            guard let to = try target.find(path, making: true, followingLast: false) else {
                throw systemError(target.shown(path), "cannot be made", ENOENT)
            }
            try copyEntry(entry, from: from, source.shown(path), to: to, target.shown(path))
            for folder in entry.path.ancestors { made.insert(ByteText(folder)) }
        }
        try synchroniseTree(destination, made, files: manifest.entries.filter(\.isFile).map(\.path))
    }

    /// Every file and link below an open folder; sockets and pipes are no content and left out.
    private func collect(
        _ folder: Descriptor, _ here: String, _ prefix: String, _ except: Set<String>,
        into entries: inout [Manifest.Entry]
    ) throws(DeployError) {
        guard let names = rawNames(in: folder) else { throw systemError(here, "cannot be listed") }
        for raw in names {
            let bytes = raw.dropLast().map(UInt8.init(bitPattern:))
            guard let name = String(validating: bytes, as: UTF8.self), !bytes.contains(UInt8(ascii: "\n"))
            else {
                throw unfit(here, "holds a name that is not UTF-8 or has a line break in it")
            }
            if prefix.isEmpty && except.contains(name) { continue }
            let shown = "\(here)/\(name)"
            var information = stat()
            guard fstatat(folder.number, raw, &information, AT_SYMLINK_NOFOLLOW) == 0 else {
                throw systemError(shown, "cannot be examined")
            }
            switch information.st_mode & S_IFMT {
            case S_IFDIR:
                let inner = try open(raw, in: folder, O_DIRECTORY, shown)
                try collect(inner, shown, "\(prefix)\(name)/", except, into: &entries)
            case S_IFREG:
                let file = try open(raw, in: folder, O_NONBLOCK, shown)
                let sha256 = try transfer(file, shown, to: nil).sha256
                entries.append(
                    .init(
                        path: prefix + name,
                        content: .file(sha256: sha256, executable: information.st_mode & 0o100 != 0)))
            case S_IFLNK:
                guard let target = readTarget(of: raw, in: folder) else {
                    throw systemError(shown, "cannot be read")
                }
                guard let text = String(validating: target, as: UTF8.self),
                    !target.contains(UInt8(ascii: "\n"))
                else { throw unfit(shown, "leads to a name that is not UTF-8 or has a line break in it") }
                entries.append(.init(path: prefix + name, content: .link(target: text)))
            case S_IFSOCK, S_IFIFO: continue
            default: throw unfit(shown, "is a device")
            }
        }
    }

    private func open(_ name: [CChar], in folder: Descriptor, _ flags: Int32, _ shown: String)
        throws(DeployError) -> Descriptor
    {
        let number = retrying { openat(folder.number, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | flags) }
        guard number >= 0 else { throw systemError(shown, "cannot be read") }
        return Descriptor(number)
    }

    private func copyEntry(
        _ entry: Manifest.Entry, from source: Beneath.Place, _ shown: String, to copy: Beneath.Place,
        _ made: String
    ) throws(DeployError) {
        switch entry.content {
        case .link(let target):
            let found = readTarget(of: source.name, in: source.folder)
            guard found == Array(target.utf8) else {
                let leads = found.map { String(decoding: $0, as: UTF8.self) } ?? "nothing, being no link,"
                throw differs(shown, "it leads to \(leads) instead of \(target)")
            }
            guard symlinkat(target, copy.folder.number, copy.name) == 0 else {
                throw systemError(made, "cannot be made a link")
            }
        case .file(let sha256, let executable):
            guard let mode = source.information?.st_mode, mode & S_IFMT == S_IFREG else {
                throw differs(shown, "it is not a regular file")
            }
            let opened = try open(source.name, in: source.folder, O_NONBLOCK, shown)
            let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
            let number = retrying { openat(copy.folder.number, copy.name, flags, mode_t(0o600)) }
            guard number >= 0 else { throw systemError(made, "cannot be created") }
            let file = Descriptor(number)
            guard fchmod(number, executable ? 0o700 : 0o600) == 0 else {
                throw systemError(made, "cannot be created")
            }
            let found = try transfer(opened, shown, to: (file, made)).sha256
            if found != sha256 {
                unlinkat(copy.folder.number, copy.name, 0)
                throw differs(shown, "its SHA-256 is \(found) instead of \(sha256)")
            }
            guard keepTime(of: opened, on: file) else { throw systemError(made, "cannot be given its time") }
        }
    }

    /// Byte code and caches name the time of what they were made from, and are made anew where it differs.
    private func keepTime(of source: Descriptor, on copy: Descriptor) -> Bool {
        guard let changed = source.information?.st_mtim else { return false }
        return futimens(copy.number, [changed, changed]) == 0
    }

    private func checkPath(_ path: String) throws(DeployError) {
        let parts = path.split(at: "/", keepsEmpty: true)
        guard parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else {
            throw differs(path, "its path leads out of the release")
        }
    }

    private func differs(_ path: String, _ why: String) -> DeployError {
        DeployError(
            .gateRefused, what: "\(path) differs from the release that was proved", why: why,
            next: "deployctl staging")
    }

    private func unfit(_ path: String, _ failure: String) -> DeployError {
        DeployError(
            .unexpected, what: "\(path) \(failure)", why: "a release holds folders, files and links only",
            next: "remove it, or keep it out of the release, then run this again")
    }
}

extension Manifest.Entry {
    fileprivate var isFile: Bool { if case .file = content { true } else { false } }
}

extension String {
    /// The folders on the way to a relative path, the outermost first.
    fileprivate var ancestors: [String] {
        let names = split(at: "/").dropLast()
        return names.indices.map { names[...$0].joined(separator: "/") }
    }
}
