import DeployCore
import Glibc

extension LocalFileStore {
    public func share(_ paths: [String], of folder: String, with other: String, by scratch: String)
        throws(DeployError) -> Int64
    {
        try makeFolder(scratch)
        var (ours, theirs) = (try ListedFiles(folder), try ListedFiles(other))
        let name = "\(scratch)/shared"
        var freed: Int64 = 0
        for path in paths {
            guard let own = try ours.find(path), let source = try theirs.find(path),
                let opened = openRegular(own), let model = openRegular(source),
                let (one, two) = pair(opened, model), isAlike(opened, model)
            else { continue }
            unlink(name)
            // A file may have no more names than the file system allows.
            guard linkat(source.folder.number, source.name, AT_FDCWD, name, 0) == 0 else { continue }
            guard linkInformation(name)?.st_ino == two.st_ino else { continue }
            guard renameat(AT_FDCWD, name, own.folder.number, own.name) == 0 else {
                throw systemError("\(folder)/\(path)", "cannot be replaced")
            }
            if one.st_nlink == 1 { freed += Int64(one.st_size) }
        }
        try remove(scratch)
        return freed
    }

    public func separate(_ paths: [String], of folder: String, by scratch: String) throws(DeployError) {
        var files = try ListedFiles(folder)
        var shared: [String] = []
        for path in paths where try (files.information(path)?.st_nlink ?? 0) > 1 { shared.append(path) }
        guard !shared.isEmpty else { return }
        try remove(scratch)
        try makeFolder(scratch)
        for (number, path) in shared.enumerated() {
            guard let place = try files.find(path), let source = openRegular(place) else { continue }
            try copyWhole(source, "\(folder)/\(path)", to: "\(scratch)/\(number)")
        }
        try synchroniseTree(scratch, [], files: shared.indices.map { "\($0)" })
        for (number, path) in shared.enumerated() {
            guard let place = try files.find(path),
                renameat(AT_FDCWD, "\(scratch)/\(number)", place.folder.number, place.name) == 0
            else { throw systemError("\(folder)/\(path)", "cannot be replaced") }
        }
        try synchroniseTree(folder, Set(shared.map { ByteText(parentFolder(of: $0)) }), files: [])
        try remove(scratch)
    }

    /// What both are, where they are two files of equal size, rights and owner on one file system.
    private func pair(_ one: Descriptor, _ other: Descriptor) -> (stat, stat)? {
        guard let first = one.information, let second = other.information, first.st_dev == second.st_dev,
            first.st_ino != second.st_ino, first.st_size == second.st_size, first.st_mode == second.st_mode,
            first.st_uid == second.st_uid, first.st_gid == second.st_gid
        else { return nil }
        return (first, second)
    }

    /// Whether both hold the same bytes and are open to the same accounts.
    private func isAlike(_ one: Descriptor, _ other: Descriptor) -> Bool {
        guard AccessList(.own, of: one.number) == AccessList(.own, of: other.number),
            !hasMore(one), !hasMore(other)
        else { return false }
        return withUnsafeTemporaryAllocation(byteCount: 2 << 16, alignment: 64) { room in
            let first = UnsafeMutableRawBufferPointer(rebasing: room[..<(1 << 16)])
            let second = UnsafeMutableRawBufferPointer(rebasing: room[(1 << 16)...])
            while true {
                let (count, same) = (one.read(into: first), other.read(into: second))
                guard count == same, count >= 0, let here = first.baseAddress, let there = second.baseAddress,
                    memcmp(here, there, count) == 0
                else {
                    return false
                }
                if count == 0 { return true }
            }
        }
    }

    /// Whether it has attributes that a copy would lack, as a program's right to open low ports.
    private func hasMore(_ file: Descriptor) -> Bool {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 65_536) { room in
            guard let start = room.baseAddress else { return true }
            let count = listAttributes(file.number, start, room.count)
            // A file system that knows none has none to lose.
            guard count >= 0 else { return errno != ENOTSUP }
            return room[..<count].split(separator: 0).contains { name in
                let name = String(decoding: name.map(UInt8.init(bitPattern:)), as: UTF8.self)
                return ![AccessList.Kind.own.rawValue, "security.selinux"].contains { $0 == name }
            }
        }
    }

    /// With rights, owner and time.
    private func copyWhole(_ source: Descriptor, _ path: String, to copy: String) throws(DeployError) {
        guard let information = source.information else { throw systemError(path, "cannot be read") }
        let file = try createFile(copy, mode: 0o600)
        _ = try transfer(source, path, to: (file, copy))
        let isOwned = fchown(file.number, information.st_uid, information.st_gid) == 0 || geteuid() != 0
        guard isOwned, fchmod(file.number, information.st_mode & 0o7777) == 0,
            AccessList(.own, of: source.number)?.write(.own, to: file.number) != false,
            futimens(file.number, [information.st_atim, information.st_mtim]) == 0
        else { throw systemError(copy, "cannot be given what its original has") }
    }

    private func openRegular(_ place: (folder: Descriptor, name: [CChar])) -> Descriptor? {
        let number = retrying {
            openat(place.folder.number, place.name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        }
        guard number >= 0 else { return nil }
        let file = Descriptor(number)
        return file.information.map { $0.st_mode & S_IFMT == S_IFREG } == true ? file : nil
    }
}
