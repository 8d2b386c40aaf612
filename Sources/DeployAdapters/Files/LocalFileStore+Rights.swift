import DeployCore
import Glibc

extension LocalFileStore {
    public func grant(_ right: FileRight, at path: String) throws(DeployError) {
        guard let information = linkInformation(path) else { throw systemError(path, "cannot be examined") }
        let keep = (owner: geteuid(), group: information.st_gid)
        switch right {
        case .passageForAll:
            guard information.st_uid == keep.owner, information.st_mode & 0o777 != 0o711 else { return }
            try Granting(owner: keep.owner, group: keep.group) { _ in 0o711 }.change(path, inside: false)
        case .passage(let account):
            try Granting(owner: keep.owner, group: account.group) { _ in 0o710 }.change(path, inside: false)
        case .reading(let account):
            let isDone = information.st_uid == keep.owner && information.st_gid == account.group
            if isDone, information.st_mode & 0o777 == 0o750 { return }
            try Granting(owner: keep.owner, group: account.group) { mode in
                mode & S_IFMT == S_IFDIR ? 0o750 : mode & 0o700 | (mode & 0o500) >> 3
            }.change(path, inside: true)
        case .readingForAll:
            guard information.st_mode & 0o777 != 0o755 else { return }
            try Granting(owner: keep.owner, group: keep.group) { mode in
                mode & S_IFMT == S_IFDIR ? 0o755 : mode & 0o700 | (mode & 0o500) >> 3 | (mode & 0o500) >> 6
            }.change(path, inside: true)
        case .ownership(let account):
            guard information.st_uid != account.user else { return }
            try Granting(owner: account.user, group: account.group) { $0 & 0o777 }.change(path, inside: true)
        case .added(let right, let account): try add(right, for: account, at: path)
        }
    }
}

/// Gives files another owner, group and mode, by descriptors: a link that takes the place of one leads nowhere.
private struct Granting {
    let owner: uid_t
    let group: gid_t
    /// The permission bits for a file of this type and these bits.
    let mode: (mode_t) -> mode_t

    /// What stands at the path itself comes last, so that it tells whether all was done.
    func change(_ path: String, inside: Bool) throws(DeployError) {
        guard let top = Descriptor.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK),
            let information = top.information
        else { throw systemError(path, "cannot be opened") }
        if inside, information.st_mode & S_IFMT == S_IFDIR {
            // Nobody else adds anything meanwhile.
            guard fchown(top.number, geteuid(), group) == 0, fchmod(top.number, 0o700) == 0 else {
                throw systemError(path, "cannot be given to another account")
            }
            try changeContent(of: top, path)
        }
        try change(top, information.st_mode, path)
    }

    private func changeContent(of folder: Descriptor, _ path: String) throws(DeployError) {
        guard let names = rawNames(in: folder) else { throw systemError(path, "cannot be listed") }
        for name in names {
            let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
            let number = openat(folder.number, name, flags)
            guard number >= 0 else {
                // A link, or a socket: only its owner matters.
                guard fchownat(folder.number, name, owner, group, AT_SYMLINK_NOFOLLOW) == 0 || errno == ENOENT
                else { throw systemError(path, "holds what cannot be given to another account") }
                continue
            }
            let entry = Descriptor(number)
            guard let information = entry.information else { throw systemError(path, "cannot be examined") }
            try change(entry, information.st_mode, path)
            if information.st_mode & S_IFMT == S_IFDIR { try changeContent(of: entry, path) }
        }
    }

    private func change(_ file: Descriptor, _ before: mode_t, _ path: String) throws(DeployError) {
        let list = AccessList(.own, of: file.number)
        guard fchown(file.number, owner, group) == 0, fchmod(file.number, mode(before)) == 0,
            // Where a list is, changing the mode leaves the group what it may.
            list?.applying(mode(before)).write(.own, to: file.number) ?? true
        else { throw systemError(path, "cannot be given to another account") }
    }
}
