import DeployCore
import Glibc
import Synchronization

extension LocalFileStore {
    func add(_ right: AddedRight, for account: Account, at path: String) throws(DeployError) {
        let adding = Adding(user: account.user, path: path)
        guard let top = Descriptor.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK),
            let mode = top.information?.st_mode
        else { throw systemError(path, "cannot be opened") }
        switch right {
        case .passage: try adding.add(Adding.pass, to: top, mode)
        case .sockets:
            try adding.add(Adding.pass, to: top, mode)
            try adding.hand(Adding.read | Adding.write, downFrom: top)
        case .reading(let dotFiles): try adding.open(top, mode, dotFiles: dotFiles)
        }
    }

    public func barrier(to account: Account, at folder: String) -> Barrier? {
        let groups = groups(of: account)
        var place = ""
        for part in [""] + folder.split(at: "/") {
            place += part.isEmpty ? "" : "/\(part)"
            let here = place.isEmpty ? "/" : place
            guard let open = Descriptor.open(here, O_RDONLY | O_DIRECTORY), let information = open.information
            else {
                return nil
            }
            let list = AccessList(.own, of: open.number) ?? AccessList(mode: information.st_mode)
            guard list.passes(account.user, groups, ownedBy: information.st_uid, information.st_gid) else {
                return Barrier(path: here, keepsLists: true)
            }
            guard here == folder, AccessList(.inherited, of: open.number) == nil, errno == EOPNOTSUPP else {
                continue
            }
            return Barrier(path: here, keepsLists: false)
        }
        return nil
    }

    /// Its first group, and those it is a member of.
    private func groups(of account: Account) -> Set<gid_t> {
        Self.known.withLock { known in
            let now = monotonicNow()
            if let last = known, last.account == account, now - last.asked < 1_000_000_000 {
                return last.groups
            }
            let groups = Set(memberships(of: account.name, and: account.group) ?? [account.group])
            known = (account, groups, now)
            return groups
        }
    }

    /// The last answer: the machine's services for names, which are asked for it, read dozens of files each time.
    private static let known = Mutex<(account: Account, groups: Set<gid_t>, asked: Int64)?>(nil)
}

/// Adds one user to access lists, by descriptors: a link that takes the place of a file leads nowhere.
private struct Adding {
    static let pass: UInt16 = 1
    static let write: UInt16 = 2
    static let read: UInt16 = 4

    let user: uid_t
    let path: String

    func add(_ rights: UInt16, to file: Descriptor, _ mode: mode_t) throws(DeployError) {
        let before = AccessList(.own, of: file.number)
        let after = (before ?? AccessList(mode: mode)).adding(rights, for: user)
        guard before == after || after.write(.own, to: file.number) else { throw refusal }
    }

    /// Whatever the umask of who makes something there: it stays its owner's, and becomes this user's as far as this.
    func hand(_ rights: UInt16, downFrom folder: Descriptor) throws(DeployError) {
        let before = AccessList(.inherited, of: folder.number)
        let after = (before ?? AccessList(mode: 0o700)).adding(rights, for: user)
        guard before == after || after.write(.inherited, to: folder.number) else { throw refusal }
    }

    func open(_ file: Descriptor, _ mode: mode_t, dotFiles: Bool) throws(DeployError) {
        guard mode & S_IFMT == S_IFDIR else {
            guard mode & S_IFMT == S_IFREG else { return }
            return try add(Self.read, to: file, mode)
        }
        try add(Self.read | Self.pass, to: file, mode)
        try hand(Self.read | Self.pass, downFrom: file)
        guard let names = rawNames(in: file) else { throw systemError(path, "cannot be listed") }
        for name in names where dotFiles || name.first != 46 || text(of: name) == ".well-known" {
            let number = openat(file.number, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            // A link, a socket, or gone meanwhile.
            guard number >= 0 else { continue }
            let entry = Descriptor(number)
            guard let information = entry.information else { throw systemError(path, "cannot be examined") }
            try open(entry, information.st_mode, dotFiles: dotFiles)
        }
    }

    private var refusal: DeployError { systemError(path, "cannot be opened to another account") }
}
