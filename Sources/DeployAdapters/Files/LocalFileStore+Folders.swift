import DeployCore
import Glibc

extension LocalFileStore {
    public func makeFolder(_ path: String) throws(DeployError) {
        var information = stat()
        if stat(path, &information) == 0 {
            guard information.st_mode & S_IFMT == S_IFDIR else {
                throw systemError(path, "is not a folder", ENOTDIR)
            }
            return
        }
        guard errno == ENOENT else { throw systemError(path, "cannot be made") }
        let parent = parentFolder(of: path)
        if parent != path { try makeFolder(parent) }
        guard mkdir(path, 0o700) == 0 else {
            // Another process may have made it in between; a dangling link is not a folder.
            if errno == EEXIST, stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFDIR {
                return
            }
            throw systemError(path, "cannot be made")
        }
        try makePrivate(path)
        try synchroniseFolder(parent)
    }

    public func remove(_ path: String) throws(DeployError) {
        guard let information = linkInformation(path) else {
            if errno == ENOENT || errno == ENOTDIR { return }
            throw systemError(path, "cannot be removed")
        }
        let isFolder = information.st_mode & S_IFMT == S_IFDIR
        try remove(path.utf8CString.map(\.self), in: AT_FDCWD, path, isFolder: isFolder)
        try synchroniseFolder(of: path)
    }

    func remove(_ name: [CChar], in folder: Int32, _ path: String, isFolder: Bool) throws(DeployError) {
        if isFolder { try empty(folder, name, path) }
        guard unlinkat(folder, name, isFolder ? AT_REMOVEDIR : 0) == 0 || errno == ENOENT else {
            throw systemError(path, "cannot be removed")
        }
    }

    /// Works on open folders only, so a link swapped in on the way leads nowhere.
    private func empty(_ parent: Int32, _ name: [CChar], _ path: String) throws(DeployError) {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        var number = openat(parent, name, flags)
        if number < 0, errno == EACCES, fchmodat(parent, name, 0o700, 0) == 0 {
            number = openat(parent, name, flags)
        }
        guard number >= 0 else { throw systemError(path, "cannot be removed") }
        let folder = Descriptor(number)
        if let mode = folder.information?.st_mode, mode & 0o300 != 0o300 { fchmod(number, 0o700) }
        guard let names = rawNames(in: folder) else { throw systemError(path, "cannot be removed") }
        for name in names {
            if unlinkat(number, name, 0) == 0 || errno == ENOENT { continue }
            let inner =
                "\(path)/\(String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self))"
            guard errno == EISDIR else { throw systemError(inner, "cannot be removed") }
            try empty(number, name, inner)
            guard unlinkat(number, name, AT_REMOVEDIR) == 0 else {
                throw systemError(inner, "cannot be removed")
            }
        }
    }
}

/// Gives a folder just made its mode back where the umask took bits away.
func makePrivate(_ folder: String) throws(DeployError) {
    guard let information = linkInformation(folder), information.st_mode & S_IFMT == S_IFDIR else {
        throw systemError(folder, "is not a folder", ENOTDIR)
    }
    if information.st_mode & 0o7777 == 0o700 { return }
    guard chmod(folder, 0o700) == 0 else { throw systemError(folder, "cannot be made private") }
}
