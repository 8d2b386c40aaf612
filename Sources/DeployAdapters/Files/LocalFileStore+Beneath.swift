import DeployCore
import FoundationEssentials
import Glibc

extension LocalFileStore {
    public func read(_ path: String, beneath folder: String) throws(DeployError) -> Data? {
        guard kind(of: folder) != nil else { return nil }
        let beneath = try Beneath(folder)
        guard let file = try beneath.open(file: Array(path.utf8)) else { return nil }
        guard let bytes = file.readAll() else { throw systemError("\(folder)/\(path)", "cannot be read") }
        return Data(bytes)
    }

    public func names(in path: String, beneath folder: String) throws(DeployError) -> [String] {
        guard kind(of: folder) != nil, let opened = try Beneath(folder).open(folder: Array(path.utf8)) else {
            return []
        }
        guard let names = rawNames(in: opened) else {
            throw systemError("\(folder)/\(path)", "cannot be listed")
        }
        return names.map(text(of:)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    public func remove(_ path: String, beneath folder: String) throws(DeployError) {
        guard let place = try Beneath(folder).find(Array(path.utf8), followingLast: false),
            place.information != nil
        else { return }
        try remove(place.name, in: place.folder.number, "\(folder)/\(path)", isFolder: place.isFolder)
        try synchronise(place.folder, folder)
    }

    public func pointLink(_ path: String, to target: String, beneath folder: String) throws(DeployError) {
        let beneath = try Beneath(folder)
        guard let place = try beneath.find(Array(path.utf8), making: true, followingLast: false) else {
            throw systemError("\(folder)/\(path)", "cannot be made a link", ENOENT)
        }
        if place.isFolder {
            try remove(place.name, in: place.folder.number, "\(folder)/\(path)", isFolder: true)
        }
        let temporary = lastComponent(of: temporaryName(for: path))
        unlinkat(place.folder.number, temporary, 0)
        guard symlinkat(target, place.folder.number, temporary) == 0 else {
            throw systemError("\(folder)/\(path)", "cannot be made a link")
        }
        guard renameat(place.folder.number, temporary, place.folder.number, place.name) == 0 else {
            let failure = systemError("\(folder)/\(path)", "cannot be replaced by a link")
            unlinkat(place.folder.number, temporary, 0)
            throw failure
        }
        try synchronise(place.folder, folder)
    }

    public func move(listed: String, from folder: String, to other: String) throws(DeployError) {
        try makeFolder(other)
        let path = FolderContent.unescaped(listed)
        let target = try Beneath(other, followsLinks: false)
        guard let from = try Beneath(folder, followsLinks: false).find(path, followingLast: false),
            from.information != nil
        else { return }
        guard let place = try target.find(path, making: true, followingLast: false) else {
            throw systemError(target.shown(path), "cannot be made", ENOENT)
        }
        if place.information != nil {
            try remove(place.name, in: place.folder.number, target.shown(path), isFolder: place.isFolder)
        }
        guard renameat(from.folder.number, from.name, place.folder.number, place.name) == 0 else {
            throw systemError("\(folder)/\(listed)", "cannot be moved to \(other)")
        }
        try synchronise(place.folder, other)
        try synchronise(from.folder, folder)
    }

    public func setMode(_ mode: UInt16, ofListed listed: String, beneath folder: String) throws(DeployError) {
        let path = FolderContent.unescaped(listed)
        guard let place = try Beneath(folder, followsLinks: false).find(path, followingLast: true),
            place.information != nil
        else { return }
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        let number = retrying { openat(place.folder.number, place.name, flags) }
        guard number >= 0 else { throw systemError("\(folder)/\(listed)", "cannot be opened") }
        let file = Descriptor(number)
        guard fchmod(file.number, mode_t(mode)) == 0 else {
            throw systemError("\(folder)/\(listed)", "cannot be given its rights")
        }
    }
}
