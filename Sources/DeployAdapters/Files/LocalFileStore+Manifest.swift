import DeployCore
import Glibc

extension LocalFileStore {
    public func manifest(of folder: String, except: Set<String>) throws(DeployError) -> Manifest {
        var found: [(path: String, mode: mode_t)] = []
        try collect(folder, "", except, into: &found)
        found.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        var entries: [Manifest.Entry] = []
        entries.reserveCapacity(found.count)
        for (path, mode) in found {
            entries.append(Manifest.Entry(path: path, content: try content(of: "\(folder)/\(path)", mode)))
        }
        return Manifest(entries: entries)
    }

    public func copy(_ manifest: Manifest, from folder: String, to destination: String) throws(DeployError) {
        try makeFolder(destination)
        var made: Set<ByteText> = []
        for entry in manifest.entries {
            try checkPath(entry.path)
            try makeParents(of: entry.path, in: destination, &made)
            try copyEntry(entry, from: "\(folder)/\(entry.path)", to: "\(destination)/\(entry.path)")
        }
        try synchroniseTree(destination, made, files: manifest.entries.filter(\.isFile).map(\.path))
    }

    /// Every file and link below `folder/prefix`; sockets and pipes are no content and left out.
    private func collect(
        _ folder: String, _ prefix: String, _ except: Set<String>,
        into found: inout [(path: String, mode: mode_t)]
    ) throws(DeployError) {
        let here = prefix.isEmpty ? folder : "\(folder)/\(prefix)"
        guard let open = Descriptor.open(here, O_RDONLY | O_DIRECTORY), let names = rawNames(in: open) else {
            throw systemError(here, "cannot be listed")
        }
        for raw in names {
            let bytes = raw.dropLast().map(UInt8.init(bitPattern:))
            guard let name = String(validating: bytes, as: UTF8.self), !bytes.contains(UInt8(ascii: "\n"))
            else {
                throw unfit(here, "holds a name that is not UTF-8 or has a line break in it")
            }
            if prefix.isEmpty && except.contains(name) { continue }
            let path = prefix.isEmpty ? name : "\(prefix)/\(name)"
            guard let information = linkInformation("\(folder)/\(path)") else {
                throw systemError("\(folder)/\(path)", "cannot be examined")
            }
            switch information.st_mode & S_IFMT {
            case S_IFDIR: try collect(folder, path, except, into: &found)
            case S_IFREG, S_IFLNK: found.append((path, information.st_mode))
            case S_IFSOCK, S_IFIFO: continue
            default: throw unfit("\(folder)/\(path)", "is a device")
            }
        }
    }

    private func content(of path: String, _ mode: mode_t) throws(DeployError) -> Manifest.Entry.Content {
        if mode & S_IFMT == S_IFLNK {
            guard let target = readLink(path) else { throw systemError(path, "cannot be read") }
            guard !target.utf8.contains(UInt8(ascii: "\n")) else {
                throw unfit(path, "leads to a name with a line break")
            }
            return .link(target: target)
        }
        let source = try openSource(path, O_NOFOLLOW)
        return .file(sha256: try transfer(source, path, to: nil).sha256, executable: mode & 0o100 != 0)
    }

    private func copyEntry(_ entry: Manifest.Entry, from source: String, to copy: String) throws(DeployError)
    {
        guard kind(of: source) != nil else { throw differs(source, "it is missing") }
        switch entry.content {
        case .link(let target):
            let found = readLink(source)
            guard found == target else {
                throw differs(
                    source, "it leads to \(found ?? "nothing, being no link,") instead of \(target)")
            }
            guard symlink(target, copy) == 0 else { throw systemError(copy, "cannot be made a link") }
        case .file(let sha256, let executable):
            guard kind(of: source) == .file else { throw differs(source, "it is not a regular file") }
            let opened = try openSource(source, O_NOFOLLOW)
            let file = try createFile(copy, mode: executable ? 0o700 : 0o600)
            let found = try transfer(opened, source, to: (file, copy)).sha256
            if found != sha256 {
                unlink(copy)
                throw differs(source, "its SHA-256 is \(found) instead of \(sha256)")
            }
        }
    }

    private func checkPath(_ path: String) throws(DeployError) {
        let parts = path.split(at: "/", keepsEmpty: true)
        guard parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else {
            throw differs(path, "its path leads out of the release")
        }
    }

    private func makeParents(
        of path: String, in destination: String, _ made: inout Set<ByteText>
    ) throws(DeployError) {
        var folder = ""
        for part in path.split(at: "/").dropLast() {
            folder += folder.isEmpty ? String(part) : "/\(part)"
            guard made.insert(ByteText(folder)).inserted else { continue }
            let whole = "\(destination)/\(folder)"
            guard mkdir(whole, 0o700) == 0 || errno == EEXIST else {
                throw systemError(whole, "cannot be made")
            }
            // Refuses a link of that name, through which files would land elsewhere.
            try makePrivate(whole)
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
