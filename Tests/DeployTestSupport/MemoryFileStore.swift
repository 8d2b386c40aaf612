import Foundation

@testable import DeployCore

/// A file system in memory, for tests that need no disk.
///
/// Paths are compared as written, after doubled and closing slashes; links are followed by `read`,
/// `kind` shows the link itself, as on a disk.
public final class MemoryFileStore: FileStore, @unchecked Sendable {
    enum Node {
        case file(Data, UInt16)
        case folder
        case link(String)
    }

    let guarded = NSLock()
    var nodes: [String: Node] = [:]
    /// Names of what was asked for its identity, by path.
    var identities: [String: String] = [:]
    /// The last right granted at each path.
    public internal(set) var granted: [String: FileRight] = [:]
    private var held: Set<String> = []
    private var free: Int64 = 1 << 40
    private var freeNames: Int64?
    private var readFailures: Set<String> = []

    /// - Parameter files: Texts by path; parent folders are made.
    public init(_ files: [String: String] = [:]) {
        for (path, text) in files { write(Data(text.utf8), to: path) }
    }

    /// Puts a file in place as another program would, with any permission bits.
    public func write(_ data: Data, to path: String, mode: UInt16 = 0o600) {
        guarded.withLock {
            addParents(of: normal(path))
            nodes[normal(path)] = .file(data, mode)
        }
    }

    public func write(_ text: String, to path: String, mode: UInt16 = 0o600) {
        write(Data(text.utf8), to: path, mode: mode)
    }

    /// Every path with its kind, sorted; folders end in a slash.
    public var listing: [String] {
        guarded.withLock {
            nodes.map { path, node in
                if case .folder = node { "\(path)/" } else { path }
            }.sorted()
        }
    }

    public func setFreeBytes(_ bytes: Int64) { guarded.withLock { free = bytes } }
    /// nil: without a limit, as at first.
    public func setFreeFiles(_ count: Int64?) { guarded.withLock { freeNames = count } }

    private var givenAway: Set<String> = []
    private var closedBy: Barrier?

    /// From now on reading this file fails.
    public func failReading(_ path: String) { guarded.withLock { _ = readFailures.insert(normal(path)) } }

    public func read(_ path: String) throws(DeployError) -> Data? {
        guarded.lock()
        defer { guarded.unlock() }
        if readFailures.contains(normal(path)) { throw failure("cannot be read", path) }
        switch nodes[resolved(path)] {
        case .file(let data, _): return data
        case .folder: throw failure("is a folder", path)
        case .link, nil: return nil
        }
    }

    public func readEnd(of path: String, bytes: Int) throws(DeployError) -> Data? {
        try read(path).map { Data($0.suffix(bytes)) }
    }

    public func dropHead(_ bytes: Int64, of path: String) throws(DeployError) {
        try publish((read(path) ?? Data()).dropFirst(Int(bytes)), to: path)
    }

    public func isLocked(_ path: String) -> Bool {
        guarded.withLock { held.contains(resolved(path)) }
    }

    public func append(_ line: String, to path: String) throws(DeployError) {
        let before = try read(path) ?? Data()
        write(before + Data("\(line)\n".utf8), to: path)
    }

    public func publish(_ data: Data, to path: String) throws(DeployError) {
        guarded.lock()
        defer { guarded.unlock() }
        let path = place(path)
        try requireParent(of: path)
        if case .folder? = nodes[path] { throw failure("is a folder", path) }
        nodes[path] = .file(data, 0o600)
    }

    public func makeFolder(_ path: String) throws(DeployError) {
        guarded.lock()
        defer { guarded.unlock() }
        let path = place(path)
        if case .file? = nodes[path] { throw failure("is a file", path) }
        addParents(of: path)
        if nodes[path] == nil { nodes[path] = .folder }
    }

    public func remove(_ path: String) throws(DeployError) {
        guarded.lock()
        defer { guarded.unlock() }
        let path = place(path)
        nodes[path] = nil
        for child in nodes.keys where child.hasPrefix(path + "/") { nodes[child] = nil }
    }

    public func rename(_ path: String, to destination: String) throws(DeployError) {
        guarded.lock()
        defer { guarded.unlock() }
        let (path, destination) = (place(path), place(destination))
        guard let node = nodes[path] else { throw failure("does not exist", path) }
        try requireParent(of: destination)
        if case .folder? = nodes[destination] { throw failure("is a folder", destination) }
        nodes[path] = nil
        nodes[destination] = node
        for child in nodes.keys where child.hasPrefix(path + "/") {
            nodes[destination + child.dropFirst(path.count)] = nodes.removeValue(forKey: child)
        }
    }

    /// Nothing has a number or a time here.
    public func fingerprint(of manifest: Manifest, in folder: String) throws(DeployError) -> Fingerprint? {
        nil
    }
    public func moment(in folder: String) -> Int64 { 0 }

    /// Nothing takes room here.
    public func share(_ paths: [String], of folder: String, with other: String, by scratch: String)
        throws(DeployError) -> Int64
    { 0 }
    public func separate(_ paths: [String], of folder: String, by scratch: String) throws(DeployError) {}

    public func pointLink(_ path: String, to target: String) throws(DeployError) {
        guarded.lock()
        defer { guarded.unlock() }
        let path = place(path)
        try requireParent(of: path)
        if case .folder? = nodes[path] { throw failure("is a folder", path) }
        nodes[path] = .link(target)
    }

    public func linkTarget(_ path: String) -> String? {
        guarded.withLock {
            if case .link(let target)? = nodes[place(path)] { target } else { nil }
        }
    }

    public func kind(of path: String) -> FileKind? {
        guarded.withLock {
            switch nodes[place(path)] {
            case .file: .file
            case .folder: .folder
            case .link: .link
            case nil: nil
            }
        }
    }

    public func names(in folder: String) -> [String] {
        guarded.withLock {
            let prefix = resolved(folder) + "/"
            return nodes.keys.filter { $0.hasPrefix(prefix) && !$0.dropFirst(prefix.count).contains("/") }
                .map { String($0.dropFirst(prefix.count)) }.sorted()
        }
    }

    public func size(of path: String) -> Int64? {
        guarded.withLock {
            if case .file(let data, _)? = nodes[resolved(path)] { Int64(data.count) } else { nil }
        }
    }

    public func lastChange(of path: String) -> Date? { nil }

    public func permissions(of path: String) -> FilePermissions? {
        guarded.withLock {
            let isOwn = !givenAway.contains(path)
            return switch nodes[resolved(path)] {
            case .file(_, let mode): FilePermissions(mode: mode, ownedByUser: isOwn)
            case .folder: FilePermissions(mode: 0o700, ownedByUser: isOwn)
            case .link, nil: nil
            }
        }
    }

    /// From now on somebody else may change what lies at this very path.
    public func giveAway(_ path: String) { guarded.withLock { _ = givenAway.insert(path) } }

    public func stranger(on path: String) -> Stranger? {
        guarded.withLock {
            givenAway.contains(path) ? Stranger(path: path, why: "belongs to a stranger") : nil
        }
    }

    /// From now on accounts are kept from every folder by this.
    public func close(by barrier: Barrier?) { guarded.withLock { closedBy = barrier } }

    public func barrier(to account: Account, at folder: String) -> Barrier? {
        guarded.withLock { closedBy }
    }

    public func freeBytes(at path: String) -> Int64? { guarded.withLock { free } }
    public func freeFiles(at path: String) -> Int64? { guarded.withLock { freeNames } }

    public func lock(_ path: String) throws(DeployError) -> (any HeldLock)? {
        guarded.lock()
        defer { guarded.unlock() }
        let path = place(path)
        try requireParent(of: path)
        switch nodes[path] {
        case .folder, .link: throw failure("is no file", path)
        case .file: break
        case nil: nodes[path] = .file(Data(), 0o600)
        }
        guard held.insert(path).inserted else { return nil }
        return MemoryLock(store: self, path: path)
    }

    fileprivate func release(_ path: String) { guarded.withLock { _ = held.remove(path) } }

    fileprivate func describe(_ path: String, _ text: String) { write(text, to: path) }

    func failure(_ what: String, _ path: String) -> DeployError {
        DeployError(
            .unexpected, what: "\(path) \(what)", why: "as the test arranged", next: "look at the test")
    }
}

private final class MemoryLock: HeldLock, Sendable {
    private let store: MemoryFileStore
    private let path: String

    init(store: MemoryFileStore, path: String) {
        self.store = store
        self.path = path
    }

    func describe(_ text: String) { store.describe(path, text) }

    deinit { store.release(path) }
}
