import DeployCore
import Glibc

/// Finds its way below one open folder, name by name, and never out of it.
struct Beneath {
    /// As messages name it.
    let folder: String
    private let top: Descriptor
    /// Whether links that stay below the folder are followed; otherwise any link is refused.
    let followsLinks: Bool

    init(_ folder: String, followsLinks: Bool = true) throws(DeployError) {
        guard let top = Descriptor.open(folder, O_RDONLY | O_DIRECTORY) else {
            throw systemError(folder, "cannot be opened")
        }
        self.folder = folder
        self.top = top
        self.followsLinks = followsLinks
    }

    /// What a path leads to.
    struct Place {
        /// The open folder it lies in.
        let folder: Descriptor
        /// Its last name, with the closing zero; `.` for the top itself.
        let name: [CChar]
        /// What stands there, which is a link only where the last one was not to be followed; nil for nothing.
        let information: stat?

        var isFolder: Bool { information.map { $0.st_mode & S_IFMT == S_IFDIR } ?? false }
    }

    /// - Parameters:
    ///   - path: The bytes of a path, relative to the folder.
    ///   - making: Whether missing folders on the way are made, with mode 0700.
    ///   - last: Whether a link at the end is followed too.
    /// - Returns: nil when a folder on the way is missing.
    /// - Throws: `.gateRefused` where a link leads out of the folder.
    func find(_ path: [UInt8], making: Bool = false, followingLast last: Bool) throws(DeployError) -> Place? {
        var folders = [top]
        var rest = Self.names(path)
        var links = 0
        while let name = rest.popLast() {
            let here = folders[folders.count - 1]
            if name == Self.up {
                guard folders.count > 1 else { throw leaves(path, "\"..\" leads above it") }
                folders.removeLast()
                continue
            }
            let raw = Self.raw(name)
            let found = try look(at: raw, in: here, path)
            let isLink = found.map { $0.st_mode & S_IFMT == S_IFLNK } ?? false
            if isLink && (last || !rest.isEmpty) {
                guard followsLinks, let target = readTarget(of: raw, in: here), target.first != Self.slash,
                    links < 40
                else {
                    let target = readTarget(of: raw, in: here).map { Self.shown($0) }
                    throw leaves(path, "\(Self.shown(name)) is a link to \(target ?? "something else")")
                }
                links += 1
                rest += Self.names(target)
                continue
            }
            if rest.isEmpty { return Place(folder: here, name: raw, information: found) }
            guard let inner = try enter(raw, in: here, making: making && found == nil, path) else {
                return nil
            }
            folders.append(inner)
        }
        let here = folders[folders.count - 1]
        return Place(folder: here, name: Self.raw([Self.dot]), information: here.information)
    }

    /// The open folder at `path`; nil when it is missing and not to be made.
    func open(folder path: [UInt8], making: Bool = false) throws(DeployError) -> Descriptor? {
        guard let place = try find(path, making: making, followingLast: true) else { return nil }
        return try enter(place.name, in: place.folder, making: making && place.information == nil, path)
    }

    /// A regular file opened for reading; nil when there is none.
    func open(file path: [UInt8]) throws(DeployError) -> Descriptor? {
        guard let place = try find(path, followingLast: true), place.information != nil else { return nil }
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        let number = retrying { openat(place.folder.number, place.name, flags) }
        guard number >= 0 else {
            if errno == ENOENT { return nil }
            throw systemError(shown(path), "cannot be read")
        }
        let file = Descriptor(number)
        guard let mode = file.information?.st_mode, mode & S_IFMT == S_IFREG else {
            throw systemError(shown(path), "is not a regular file", EINVAL)
        }
        return file
    }

    /// How messages name a path.
    func shown(_ path: [UInt8]) -> String { "\(folder)/\(Self.shown(path))" }

    private func look(at name: [CChar], in folder: Descriptor, _ path: [UInt8]) throws(DeployError) -> stat? {
        var information = stat()
        if fstatat(folder.number, name, &information, AT_SYMLINK_NOFOLLOW) == 0 { return information }
        if errno == ENOENT { return nil }
        throw systemError(shown(path), "cannot be examined")
    }

    /// nil when there is nothing of that name.
    private func enter(_ name: [CChar], in folder: Descriptor, making: Bool, _ path: [UInt8])
        throws(DeployError) -> Descriptor?
    {
        if making {
            guard mkdirat(folder.number, name, 0o700) == 0 || errno == EEXIST else {
                throw systemError(shown(path), "cannot be made")
            }
            try synchronise(folder, shown(path))
        }
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        let number = retrying { openat(folder.number, name, flags) }
        if number >= 0 { return Descriptor(number) }
        if errno == ENOENT { return nil }
        throw systemError(shown(path), "cannot be reached")
    }

    private func leaves(_ path: [UInt8], _ why: String) -> DeployError {
        DeployError(
            .gateRefused, what: "\(Self.shown(path)) leads out of \(folder)", why: why,
            next: "commit a plain file or folder in its place, then run deployctl staging")
    }

    /// Last first, as they are taken.
    private static func names(_ path: [UInt8]) -> [[UInt8]] {
        path.split(separator: slash).map { Array($0) }.filter { $0 != [dot] }.reversed()
    }

    private static let slash = UInt8(ascii: "/")
    private static let dot = UInt8(ascii: ".")
    private static let up = [dot, dot]
    private static func raw(_ name: [UInt8]) -> [CChar] { name.map(CChar.init(bitPattern:)) + [0] }
    private static func shown(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

/// What the link `name` holds; nil with `errno` when it is none.
func readTarget(of name: [CChar], in folder: Descriptor) -> [UInt8]? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
        guard let base = buffer.baseAddress else { return nil }
        let count = readlinkat(folder.number, name, base, buffer.count)
        return count < 0 ? nil : buffer.prefix(count).map(UInt8.init(bitPattern:))
    }
}
