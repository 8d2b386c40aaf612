import Foundation

@testable import DeployCore

extension MemoryFileStore {
    @discardableResult
    public func copy(_ path: String, to destination: String, atMost limit: Int64, durably: Bool)
        throws(DeployError)
        -> FileDigest
    {
        guard let data = try read(path) else { throw failure("does not exist", path) }
        guard kind(of: destination) == nil else { throw failure("is there already", destination) }
        let copied = data.prefix(Int(clamping: limit == .max ? limit : limit + 1))
        try publish(copied, to: destination)
        return Self.digest(copied)
    }

    public func digest(of path: String) throws(DeployError) -> FileDigest {
        guard let data = try read(path) else { throw failure("does not exist", path) }
        return Self.digest(data)
    }

    public func manifest(of folder: String, except: Set<String>) throws(DeployError) -> Manifest {
        guard case .folder = guarded.withLock({ nodes[resolved(folder)] }) else {
            throw failure("is no folder", folder)
        }
        let entries: [Manifest.Entry] = guarded.withLock {
            let prefix = resolved(folder) + "/"
            return nodes.compactMap { path, node in
                guard path.hasPrefix(prefix) else { return nil }
                let name = String(path.dropFirst(prefix.count))
                guard let top = name.split(separator: "/").first, !except.contains(String(top)) else {
                    return nil
                }
                switch node {
                case .file(let data, let mode):
                    let digest = Self.digest(data).sha256
                    return Manifest.Entry(
                        path: name, content: .file(sha256: digest, executable: mode & 0o100 != 0))
                case .link(let target): return Manifest.Entry(path: name, content: .link(target: target))
                case .folder: return nil
                }
            }
        }
        return Manifest(entries: entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) })
    }

    public func copy(_ manifest: Manifest, from folder: String, to destination: String) throws(DeployError) {
        try makeFolder(destination)
        for entry in manifest.entries {
            let target = "\(destination)/\(entry.path)"
            if let slash = target.lastIndex(of: "/") { try makeFolder(String(target[..<slash])) }
            switch entry.content {
            case .link(let link):
                guard linkTarget("\(folder)/\(entry.path)") == link else { throw changed(entry.path, folder) }
                try pointLink(target, to: link)
            case .file(let sha256, let executable):
                guard let data = try read("\(folder)/\(entry.path)"), Self.digest(data).sha256 == sha256
                else {
                    throw changed(entry.path, folder)
                }
                write(data, to: target, mode: executable ? 0o700 : 0o600)
            }
        }
    }

    public func content(of folder: String, hashing: Bool) throws(DeployError) -> FolderContent {
        guard kind(of: folder) == .folder else { throw failure("does not exist", folder) }
        let entries: [FolderContent.Entry] = guarded.withLock {
            let prefix = resolved(folder) + "/"
            return nodes.filter { $0.key.hasPrefix(prefix) }.map { path, node in
                let name = FolderContent.escaped(path.utf8.dropFirst(prefix.utf8.count))
                switch node {
                case .folder: return .init(path: name, kind: .folder, mode: 0o700)
                case .link(let target):
                    return .init(path: name, kind: .link(target: FolderContent.escaped(target.utf8)), mode: 0)
                case .file(let data, let mode):
                    let digest = hashing ? Self.digest(data).sha256 : ""
                    let kind = FolderContent.Entry.Kind.file(bytes: Int64(data.count), sha256: digest)
                    return .init(path: name, kind: kind, mode: mode)
                }
            }
        }
        return FolderContent(entries: entries.sorted { $0.path < $1.path })
    }

    public func exchange(_ folder: String, with other: String) throws(DeployError) {
        guard kind(of: folder) != nil, kind(of: other) != nil else { throw failure("does not exist", other) }
        let between = "\(folder).between"
        try rename(folder, to: between)
        try rename(other, to: folder)
        try rename(between, to: other)
        guarded.withLock {
            let (here, there) = (identities[place(folder)], identities[place(other)])
            (identities[place(folder)], identities[place(other)]) = (there, here)
        }
    }

    public func identity(of path: String) -> String? {
        guard kind(of: path) != nil else { return nil }
        return guarded.withLock {
            let path = place(path)
            if let known = identities[path] { return known }
            identities[path] = "1:\(identities.count + 1)"
            return identities[path]
        }
    }

    public func grant(_ right: FileRight, at path: String) throws(DeployError) {
        guard kind(of: path) != nil else { throw failure("does not exist", path) }
        guarded.withLock { granted[path] = right }
    }

    public func makeDurable(_ path: String) throws(DeployError) {
        guard kind(of: path) != nil else { throw failure("does not exist", path) }
    }

    private func changed(_ path: String, _ folder: String) -> DeployError {
        DeployError(
            .gateRefused, what: "\(path) of \(folder) is not what the manifest says", why: "it was changed",
            next: "make the release again")
    }

    private static func digest(_ data: Data) -> FileDigest {
        var hash = SHA256()
        data.withUnsafeBytes { hash.update($0) }
        return FileDigest(bytes: Int64(data.count), sha256: hash.hexadecimal())
    }
}

/// Paths; the caller holds the lock.
extension MemoryFileStore {
    func normal(_ path: String) -> String {
        let parts = path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
        return path.hasPrefix("/") ? "/" + parts : parts
    }

    /// The path with links in its folders followed, its last name left as it is.
    func place(_ path: String) -> String {
        let path = normal(path)
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return path }
        return resolved(String(path[..<slash])) + path[slash...]
    }

    /// The path with every link followed.
    func resolved(_ path: String, depth: Int = 0) -> String {
        let path = place(path)
        guard depth < 16, case .link(let target)? = nodes[path] else { return path }
        guard !target.hasPrefix("/"), let slash = path.lastIndex(of: "/") else {
            return resolved(target, depth: depth + 1)
        }
        return resolved("\(path[..<slash])/\(target)", depth: depth + 1)
    }

    func addParents(of path: String) {
        var path = path
        while let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            path = String(path[..<slash])
            if nodes[path] == nil { nodes[path] = .folder }
        }
    }

    func requireParent(of path: String) throws(DeployError) {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
        let parent = resolved(String(path[..<slash]))
        if case .folder? = nodes[parent] { return }
        throw failure("does not exist", parent)
    }
}
