import Glibc

/// Who may do what with a file beyond its mode: the POSIX access list of a file, or the one that what is made in a folder gets.
struct AccessList: Equatable {
    enum Kind: String {
        case own = "system.posix_acl_access"
        case inherited = "system.posix_acl_default"
    }

    private var entries: [Entry]

    /// What the mode says; nobody is named.
    init(mode: mode_t) {
        entries = [
            Entry(tag: .owner, rights: UInt16(mode >> 6 & 7)),
            Entry(tag: .group, rights: UInt16(mode >> 3 & 7)),
            Entry(tag: .other, rights: UInt16(mode & 7)),
        ]
    }

    /// nil where the file has none, or its file system keeps none; `errno` says which.
    init?(_ kind: Kind, of file: Int32) {
        guard let read = Self.entries({ readAttribute(file, kind.rawValue, $0, $1) }) else { return nil }
        entries = read
    }

    /// The one of a path, whose last part is not followed; nil where it has none.
    init?(_ kind: Kind, at path: String) {
        guard let read = Self.entries({ readAttribute(path, kind.rawValue, $0, $1) }) else { return nil }
        entries = read
    }

    /// By what puts a list into so many bytes and says how many it took; `errno` is left as it set it.
    private static func entries(_ read: (UnsafeMutableRawPointer, Int) -> Int) -> [Entry]? {
        withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 8) { buffer in
            guard let start = buffer.baseAddress, case let count = read(start, buffer.count), count >= 4
            else {
                return nil
            }
            let bytes = Array(buffer[..<count])
            return stride(from: 4, to: count - 7, by: 8).compactMap { Entry(bytes[$0..<$0 + 8]) }
        }
    }

    /// Whether it is in force; `errno` says why not.
    func write(_ kind: Kind, to file: Int32) -> Bool {
        let bytes = [2, 0, 0, 0] + entries.flatMap(\.bytes)
        return kind.rawValue.withCString { writeAttribute(file, $0, bytes, bytes.count, 0) } == 0
    }

    /// Lets one more user in, and nobody else: what the mask kept from the others stays kept.
    func adding(_ rights: UInt16, for user: uid_t) -> AccessList {
        changing { entries in
            if let known = entries.firstIndex(where: { $0.tag == .user && $0.id == user }) {
                entries[known].rights |= rights
            } else {
                entries.append(Entry(tag: .user, rights: rights, id: user))
            }
        }
    }

    /// Gives owner, group and others what the mode says; who is named keeps what it may.
    func applying(_ mode: mode_t) -> AccessList {
        changing { entries in
            entries.removeAll { $0.tag == .owner || $0.tag == .group || $0.tag == .other }
            entries += AccessList(mode: mode).entries
        }
    }

    private func changing(_ change: (inout [Entry]) -> Void) -> AccessList {
        var list = self
        for index in list.entries.indices where list.entries[index].isMasked {
            list.entries[index].rights &= mask
        }
        change(&list.entries)
        list.entries.removeAll { $0.tag == .mask }
        let union = list.entries.filter(\.isMasked).reduce(0) { $0 | $1.rights }
        list.entries.append(Entry(tag: .mask, rights: union))
        list.entries.sort(by: Entry.isBefore)
        return list
    }

    /// Whether a user with these groups passes through the folder that has this list.
    func passes(_ user: uid_t, _ groups: Set<gid_t>, ownedBy owner: uid_t, _ group: gid_t) -> Bool {
        let mask = mask
        func allows(_ entry: Entry) -> Bool { entry.rights & (entry.isMasked ? mask : 7) & 1 != 0 }
        if user == owner { return entries.first { $0.tag == .owner }.map(allows) ?? false }
        if let own = entries.first(where: { $0.tag == .user && $0.id == user }) { return allows(own) }
        let theirs = entries.filter { entry in
            entry.tag == .group && groups.contains(group)
                || entry.tag == .namedGroup && groups.contains(entry.id)
        }
        return theirs.isEmpty
            ? entries.first { $0.tag == .other }.map(allows) ?? false : theirs.contains(where: allows)
    }

    enum Writer: Equatable {
        case user(uid_t)
        /// nil: the file's own.
        case group(gid_t?)
    }

    /// Who may write besides the owner and those whom nobody names.
    var writers: [Writer] {
        entries.filter { $0.isMasked && $0.rights & mask & 2 != 0 }.map { entry in
            switch entry.tag {
            case .user: .user(entry.id)
            case .namedGroup: .group(entry.id)
            default: .group(nil)
            }
        }
    }

    private var mask: UInt16 { entries.first { $0.tag == .mask }?.rights ?? 7 }
}

extension AccessList {
    /// As the kernel writes it down: two bytes of tag, two of rights, four of whom.
    fileprivate struct Entry: Equatable {
        enum Tag: UInt16 {
            case owner = 1
            case user = 2
            case group = 4
            case namedGroup = 8
            case mask = 16
            case other = 32
        }

        var tag: Tag
        var rights: UInt16
        var id: UInt32 = .max

        var isMasked: Bool { tag == .user || tag == .group || tag == .namedGroup }

        static func isBefore(_ one: Entry, _ other: Entry) -> Bool {
            (one.tag.rawValue, one.id) < (other.tag.rawValue, other.id)
        }
    }
}

extension AccessList.Entry {
    fileprivate init?(_ bytes: ArraySlice<UInt8>) {
        let words = bytes.map(UInt32.init)
        guard words.count == 8, let tag = Tag(rawValue: UInt16(words[0] | words[1] << 8)) else { return nil }
        self.init(
            tag: tag, rights: UInt16(words[2] | words[3] << 8),
            id: words[4] | words[5] << 8 | words[6] << 16 | words[7] << 24)
    }

    fileprivate var bytes: [UInt8] {
        [tag.rawValue, rights].flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
            + [0, 8, 16, 24].map { UInt8(id >> $0 & 255) }
    }
}
