import FoundationEssentials

/// Files and folders; every change is durable when the call returns.
///
/// Folders are made 0700 and files 0600 whatever the umask. Failures are `.unexpected` errors that
/// name the path, except where stated.
public protocol FileStore: FilesBeneath {
    /// The file's bytes, nil when there is none.
    func read(_ path: String) throws(DeployError) -> Data?
    /// At most the last `bytes` bytes of the file, nil when there is none.
    func readEnd(of path: String, bytes: Int) throws(DeployError) -> Data?
    /// The file's bytes from `offset` on, at most `limit`; nil when there is no file.
    func read(_ path: String, from offset: Int64, limit: Int) throws(DeployError) -> Data?
    /// Adds a line to the end of a file, creating it and its folder; not synced, for logs only.
    func append(_ line: String, to path: String) throws(DeployError)
    /// Replaces the file as a whole: temporary name, fsync, rename, fsync of the folder.
    func publish(_ data: Data, to path: String) throws(DeployError)
    /// The same with a file that everybody may read: at no moment does anybody find one that they may not.
    func publishForAll(_ data: Data, to path: String) throws(DeployError)
    /// Takes the first bytes off a file that others append to, in whole blocks of 4096; what they write meanwhile stays.
    ///
    /// Where the file system cannot do that, what is written in the instant between two system calls is lost.
    func dropHead(_ bytes: Int64, of path: String) throws(DeployError)
    /// Creates the folder and its parents; does nothing when it is there.
    func makeFolder(_ path: String) throws(DeployError)
    /// Removes a file, a link (never what it points to) or a whole folder; nothing there is fine.
    func remove(_ path: String) throws(DeployError)
    /// Moves within one file system, replacing a file or link, and makes it durable.
    func rename(_ path: String, to destination: String) throws(DeployError)
    /// Points the symbolic link at `target` in one rename, so it is never missing.
    func pointLink(_ path: String, to target: String) throws(DeployError)
    /// What the link holds, as written; nil when there is no link.
    func linkTarget(_ path: String) -> String?
    func kind(of path: String) -> FileKind?
    /// Names in the folder, sorted; empty when there is none.
    func names(in folder: String) -> [String]
    func size(of path: String) -> Int64?
    /// When its content was last changed; nil when absent, or where nobody knows.
    func lastChange(of path: String) -> Date?
    /// Permission bits and owner; nil when absent.
    func permissions(of path: String) -> FilePermissions?
    /// The first file, folder or link on the way to an absolute path, itself and what links lead to included, that
    /// somebody else may change, and that the user did not allow by name; nil when there is none. Root is nobody
    /// else. What is not there yet is nobody's.
    func stranger(on path: String) -> Stranger?
    /// Bytes an unprivileged user may still write on the file system that holds `path` or its nearest parent.
    func freeBytes(at path: String) -> Int64?
    /// Files an unprivileged user may still make there; nil where that has no limit.
    func freeFiles(at path: String) -> Int64?
    /// Copies one file's bytes to a new 0600 file, on disk when it returns where it is to last; returns size and SHA-256
    /// of the copy, which ends soon after `limit` bytes where the file goes on.
    @discardableResult
    func copy(_ path: String, to destination: String, atMost limit: Int64, durably: Bool) throws(DeployError)
        -> FileDigest
    /// Size and SHA-256 of one file.
    func digest(of path: String) throws(DeployError) -> FileDigest
    /// Every file and link below the folder in byte order of path, except the top-level names given.
    func manifest(of folder: String, except: Set<String>) throws(DeployError) -> Manifest
    /// Copies exactly the manifest's entries, files with the time they were changed at, refusing with `.gateRefused`
    /// where a byte differs from it.
    func copy(_ manifest: Manifest, from folder: String, to destination: String) throws(DeployError)
    /// What changes with each write to a file or link of a manifest, without a look at their content; nil where one is missing.
    func fingerprint(of manifest: Manifest, in folder: String) throws(DeployError) -> Fingerprint?
    /// A moment of the clock by which files are changed there, in nanoseconds: later than every change so far, and no later than
    /// any that comes; 0 where nobody can tell, as on a full disk.
    func moment(in folder: String) -> Int64
    /// Makes each of these files one with that of the same path in another folder, where both hold the same bytes and have the same
    /// rights and owner; the number of bytes of which nothing else is left. `scratch`: a folder that is made and removed.
    func share(_ paths: [String], of folder: String, with other: String, by scratch: String)
        throws(DeployError) -> Int64
    /// Gives each of these files that has its bytes in common with another one bytes of its own, all of them or none.
    func separate(_ paths: [String], of folder: String, by scratch: String) throws(DeployError)
    /// Every file, link and folder below the folder in order of path; sockets and pipes are left out, and so is
    /// what goes while it is looked at. `hashing`: with the files' digests, otherwise with their sizes only.
    func content(of folder: String, hashing: Bool) throws(DeployError) -> FolderContent
    /// Gives each of two folders the other's name, in one step.
    func exchange(_ folder: String, with other: String) throws(DeployError)
    /// What stays the same when a folder gets another name; nil when there is none.
    func identity(of path: String) -> String?
    /// Makes durable what another program wrote: a file, or a folder with everything below it.
    func makeDurable(_ path: String) throws(DeployError)
    /// Lets an account at what this process made; links are never followed, and what was done is not done again.
    func grant(_ right: FileRight, at path: String) throws(DeployError)
    /// What keeps an account from an absolute path of a folder, where rights cannot be added; nil where nothing does.
    /// What is not there yet keeps nobody from anything.
    func barrier(to account: Account, at folder: String) -> Barrier?
    /// Takes the kernel's lock on the file, creating it; nil when another process holds it.
    ///
    /// The lock ends with the returned value or with this process; no child inherits it.
    func lock(_ path: String) throws(DeployError) -> (any HeldLock)?
    /// Whether some process holds the lock; taking nothing.
    func isLocked(_ path: String) -> Bool
}

extension FileStore {
    /// A copy that lasts.
    @discardableResult
    public func copy(_ path: String, to destination: String, atMost limit: Int64) throws(DeployError)
        -> FileDigest
    {
        try copy(path, to: destination, atMost: limit, durably: true)
    }

    public func read(_ path: String, from offset: Int64, limit: Int) throws(DeployError) -> Data? {
        try read(path).map { Data($0.dropFirst(Int(offset)).prefix(limit)) }
    }

    public func publishForAll(_ data: Data, to path: String) throws(DeployError) {
        try publish(data, to: path)
        try grant(.readingForAll, at: path)
    }
}

/// What stands at a path; links are not followed.
public enum FileKind: Sendable { case file, folder, link, other }

/// What an account other than this process's may do.
public enum FileRight: Hashable, Sendable {
    /// Anybody passes through this folder to what they know by name.
    case passageForAll
    /// The account passes through this folder to what it knows by name.
    case passage(Account)
    /// Whoever gets here reads everything here and below, and runs what may be run; nobody changes anything.
    case readingForAll
    /// The account reads everything here and below, and runs what may be run; it changes nothing.
    case reading(Account)
    /// Everything here and below is the account's own.
    case ownership(Account)
    /// The account may do this as well; owner, group and others keep what they may.
    case added(AddedRight, Account)
}

/// What one more account may do, by the access list of a file.
public enum AddedRight: Hashable, Sendable {
    /// Passing through this folder to what it knows by name.
    case passage
    /// Passing, and connecting to sockets that are made in this folder from now on.
    case sockets
    /// Reading what is here and below, and what is made there later unless that is closed on purpose.
    ///
    /// `dotFiles`: also what has a name that begins with a dot; `.well-known` is always read.
    case reading(dotFiles: Bool)
}

/// What keeps an account from a folder.
public struct Barrier: Hashable, Sendable {
    /// Absolute: the first folder on the way that does not let it pass, or the folder itself.
    public let path: String
    /// Whether it only does not let it pass; otherwise its file system keeps no access lists.
    public let keepsLists: Bool

    public init(path: String, keepsLists: Bool) {
        self.path = path
        self.keepsLists = keepsLists
    }
}

/// Who may do what with a file.
public struct FilePermissions: Hashable, Sendable {
    /// The permission bits, as `chmod` takes them; no kind of file.
    public var mode: UInt16
    public var ownedByUser: Bool

    public init(mode: UInt16, ownedByUser: Bool) {
        self.mode = mode
        self.ownedByUser = ownedByUser
    }
}

/// What somebody else may change.
public struct Stranger: Hashable, Sendable {
    /// Absolute; links above it are followed.
    public let path: String
    /// Who may, as the end of a sentence that begins with the path.
    public let why: String

    public init(path: String, why: String) {
        self.path = path
        self.why = why
    }
}

extension FileStore {
    /// - Throws: `.invalidDefinition` where somebody else may change what is at a path, or the way to it.
    public func refuseStranger(on path: String) throws(DeployError) {
        guard let stranger = stranger(on: path) else { return }
        throw DeployError(
            .invalidDefinition, what: "\(Shown.text(path, limit: 4096)) is not yours alone",
            why: "\(Shown.text(stranger.path, limit: 4096)) \(stranger.why); nothing in it is read or run",
            next:
                "take it over with chown and chmod go-w, or, when you trust who can change it, write the line \(Shown.text(stranger.path, limit: 4096)) to ~/.config/deployctl/trusted"
        )
    }
}

/// A held kernel lock; releasing is dropping the last reference.
public protocol HeldLock: AnyObject, Sendable {
    /// Writes who holds it, for others to show; never used to decide.
    func describe(_ text: String)
}
