import Glibc

/// Whose folder a file lies in, where the superuser works in somebody else's: the application's account may have put a
/// link in the file's place.
struct FolderOwner {
    /// nil: this process's own account, or this is no superuser.
    private let other: (user: uid_t, group: gid_t)?

    init(of path: String) {
        var folder = stat()
        let isOthers = geteuid() == 0 && stat(parentFolder(of: path), &folder) == 0 && folder.st_uid != 0
        other = isOthers ? (folder.st_uid, folder.st_gid) : nil
    }

    /// Opens and makes files with the rights of the folder's owner, so that a link leads no further than they do.
    func acting<Value>(_ work: () -> Value) -> Value {
        guard let other else { return work() }
        // Rights on files are each thread's own, those of the superuser's further groups too.
        let groups = threadGroups()
        _ = setThreadGroups([other.group])
        _ = fileGroup(other.group)
        _ = fileUser(other.user)
        defer {
            _ = fileUser(0)
            _ = fileGroup(getegid())
            _ = setThreadGroups(groups)
        }
        return work()
    }

    /// Gives the folder's owner a file that was made in it; false where it cannot be.
    func takes(_ file: Descriptor) -> Bool {
        guard let other else { return true }
        return fchown(file.number, other.user, other.group) == 0
    }
}
