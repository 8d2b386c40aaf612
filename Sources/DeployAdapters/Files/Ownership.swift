import DeployCore
import Glibc

/// Who may change what lies at a path: its owner, and whom its mode and those of the folders above allow to.
struct Ownership {
    /// Users that may change it.
    let owners: Set<uid_t>
    /// Whether everybody may write to a folder in which nobody can replace what is another's, such as `/tmp`.
    let allowsSticky: Bool
    /// Not looked at, nor is what lies below.
    var trusted: [String] = []

    /// The user of this process, the superuser and, under sudo, who asked for it.
    static var ours: Ownership {
        let asked = geteuid() == 0 ? getenv("SUDO_UID").flatMap { uid_t(String(cString: $0)) } : nil
        return Ownership(owners: system.union([geteuid(), asked ?? 0]), allowsSticky: true)
    }

    /// The same, where the user did not say otherwise.
    static var allowed: Ownership {
        var ownership = ours
        ownership.trusted = TrustedPaths.folders
        return ownership
    }

    /// The superuser alone.
    static let ofTheSystem = Ownership(owners: system, allowsSticky: false)

    /// In a user namespace the superuser has another number; who owns `/` decides about everything anyway.
    private static let system: Set<uid_t> = {
        var root = stat()
        return lstat("/", &root) == 0 ? [0, root.st_uid] : [0]
    }()

    /// The first file, folder or link on the way to an absolute path that somebody else may change.
    ///
    /// nil when there is none. What is not there yet is nobody's.
    func stranger(on path: String) -> Stranger? {
        var parts = Array(path.split(at: "/").reversed())
        var (place, links) = ("", 0)
        if let stranger = examine("/") { return stranger }
        while let part = parts.popLast() {
            if part == "." { continue }
            if part == ".." {
                place = String(place.cutLast(at: "/")?.before ?? "")
                continue
            }
            let next = "\(place)/\(part)"
            if let stranger = examine(next) { return stranger }
            guard let target = readLink(next) else {
                place = next
                continue
            }
            links += 1
            guard links <= 40 else { return Stranger(path: next, why: "is a link in a circle") }
            if target.begins(with: "/") { place = "" }
            parts += target.split(at: "/").reversed()
        }
        return nil
    }

    private func examine(_ path: String) -> Stranger? {
        var information = stat()
        guard lstat(path, &information) == 0, !trusted.contains(where: { path.lies(at: $0) }) else {
            return nil
        }
        guard owners.contains(information.st_uid) else {
            return Stranger(path: path, why: "belongs to \(Self.name(of: information.st_uid))")
        }
        let (kind, mode) = (information.st_mode & S_IFMT, information.st_mode)
        if kind == S_IFLNK || kind == S_IFDIR && mode & S_ISVTX != 0 && allowsSticky { return nil }
        if mode & S_IWOTH != 0, kind == S_IFDIR || kind == S_IFREG {
            return Stranger(path: path, why: "may be written by everybody")
        }
        guard mode & S_IWGRP != 0 else { return nil }
        // Where a list is, these bits are no group's, but the most that anybody whom it names may do.
        let list = AccessList(.own, at: path) ?? AccessList(mode: mode)
        return list.writers.lazy.compactMap { words(for: $0, at: information) }.first
            .map { Stranger(path: path, why: "may be written by \($0)") }
    }

    /// Who that is; nil for who may.
    private func words(for writer: AccessList.Writer, at file: stat) -> String? {
        switch writer {
        case .user(let user):
            owners.contains(user) ? nil : "\(Self.name(of: user)), whom its access list names"
        case .group(nil): isPrivate(file.st_gid, of: file.st_uid) ? nil : "its group"
        case .group(let group?):
            isPrivate(group, of: file.st_uid)
                ? nil : "the group \(Self.name(ofGroup: group)), which its access list names"
        }
    }

    /// Whether nobody but one of the owners is in the group, as in the one that bears its user's name and the
    /// superuser's.
    private func isPrivate(_ group: gid_t, of user: uid_t) -> Bool {
        guard let entry = getgrgid(group) else { return group == 0 || group == user }
        guard group == 0 || String(cString: entry.pointee.gr_name) == Self.name(of: user) else {
            return false
        }
        var member = entry.pointee.gr_mem
        while let name = member?.pointee {
            guard let found = getpwnam(name), owners.contains(found.pointee.pw_uid) else { return false }
            member = member?.successor()
        }
        return !Self.firstMembers(of: group).contains { !owners.contains($0) }
    }

    /// The accounts whose first group it is; its own list does not name them.
    ///
    /// Some systems have accounts in the superuser's group that halt the machine and have no shell.
    private static func firstMembers(of group: gid_t) -> [uid_t] {
        let shells = group == 0 ? Self.shells : nil
        var members: [uid_t] = []
        setpwent()
        defer { endpwent() }
        for _ in 0..<mostAccounts {
            guard let entry = getpwent() else { break }
            guard entry.pointee.pw_gid == group else { continue }
            if let shells, !shells.contains(ByteText(String(cString: entry.pointee.pw_shell))) { continue }
            members.append(entry.pointee.pw_uid)
        }
        return members
    }

    /// With which people work, as the system lists them.
    private static var shells: Set<ByteText> {
        var shells: Set<ByteText> = []
        setusershell()
        defer { endusershell() }
        while let shell = getusershell(), shells.count < mostAccounts {
            shells.insert(ByteText(String(cString: shell)))
        }
        return shells
    }

    private static let mostAccounts = 65_536

    private static func name(ofGroup group: gid_t) -> String {
        getgrgid(group).map { String(cString: $0.pointee.gr_name) } ?? "\(group)"
    }

    private static func name(of user: uid_t) -> String {
        getpwuid(user).map { String(cString: $0.pointee.pw_name) } ?? "user \(user)"
    }
}

extension String {
    /// Whether it is this path or one below.
    fileprivate func lies(at folder: String) -> Bool { self == folder || begins(with: "\(folder)/") }
}
