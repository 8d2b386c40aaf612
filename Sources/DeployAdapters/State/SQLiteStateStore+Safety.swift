import DeployCore
import Glibc

extension SQLiteStateStore {
    /// Where the safe copy lies: beside the state.
    var copyPath: String { "\(path).copy" }

    public func loss() throws(DeployError) -> DeployError? {
        _ = try reading()
        return lost
    }

    public var knownLoss: DeployError? { lost }

    /// The writer's lock is held meanwhile, so that no copy takes the place of a later one.
    public func keepCopy() throws(DeployError) {
        guard wrote else { return }
        let connection = try writing()
        let fresh = temporaryName(for: copyPath)
        defer { unlink(fresh) }
        try connection.transaction { () throws(DeployError) in
            try Self.copy(path, to: fresh)
            guard Glibc.rename(fresh, copyPath) == 0 else {
                throw systemError(copyPath, "cannot be made")
            }
        }
        try FileSync.folder(of: copyPath)
        StateSeal(path: path).renew(seen, readAt: readAt)
        wrote = false
    }

    public func requireWhole() throws(DeployError) {
        guard access(path, F_OK) == 0 else { return }
        let connection = try SQLiteConnection(
            path: path, access: .readOnly, code: .stepFailed, damage: .needsPerson)
        try StateMigrator(connection: connection, path: path).requireWhole()
    }

    public func restore(with remains: StateRemains) throws(DeployError) -> StateRestoration {
        let (hasCopy, isThere) = (access(copyPath, F_OK) == 0, access(path, F_OK) == 0)
        do throws(DeployError) {
            guard try loss() != nil else { return StateRestoration(source: .whole) }
        } catch {
            guard isLost(error) else { throw error }
        }
        if hasCopy { try refuseNewerCopy() }
        let fresh = temporaryName(for: path)
        defer { for suffix in ["", "-journal"] { unlink(fresh + suffix) } }
        let usesCopy = hasCopy && (try? openCopy()) != nil
        if usesCopy { try copyUp(to: fresh) } else { try makeEmpty(fresh) }
        var restoration = StateRestoration(source: usesCopy ? .copy : .empty)
        try Self.fill(fresh, with: remains, &restoration)
        try FileSync.file(fresh)
        // The journal of a file that is gone would be played into the new one.
        let aside = try moveAside()
        restoration.movedAside = isThere ? aside : nil
        guard link(fresh, path) == 0 else { throw systemError(path, "cannot be made") }
        try FileSync.folder(of: path)
        forget()
        return restoration
    }

    /// What only a newer version can read is not put aside for what lies on disk.
    private func refuseNewerCopy() throws(DeployError) {
        guard let copy = try? SQLiteConnection(path: copyPath, access: .readOnly, damage: .needsPerson) else {
            return
        }
        try StateMigrator(connection: copy, path: path).refuseNewer()
    }

    /// The safe copy, brought up to this version's schema.
    private func copyUp(to fresh: String) throws(DeployError) {
        try Self.copy(copyPath, to: fresh)
        let connection = try SQLiteConnection(path: fresh, access: .readWrite, damage: .needsPerson)
        try StateMigrator(connection: connection, path: path).bringUp()
    }

    /// The store is closed at the end: all that it wrote is in the one file.
    private static func fill(
        _ path: String, with remains: StateRemains, _ restoration: inout StateRestoration
    ) throws(DeployError) {
        let store = SQLiteStateStore(path: path)
        if let newest = remains.newest {
            try store.writing().run(
                "UPDATE project SET last_timestamp = max(last_timestamp, ?)", [.text(newest.description)])
        }
        try store.fill(with: remains, &restoration)
    }

    /// With what SQLite keeps beside it, which must never be played into another file.
    private func moveAside() throws(DeployError) -> String {
        var number = 1
        while ["", "-journal"].contains(where: { access("\(path).damaged-\(number)\($0)", F_OK) == 0 }) {
            number += 1
        }
        let aside = "\(path).damaged-\(number)"
        for suffix in ["-journal", "-wal", "-shm", ""] where access(path + suffix, F_OK) == 0 {
            guard Glibc.rename(path + suffix, aside + suffix) == 0 else {
                throw systemError(path + suffix, "cannot be moved aside")
            }
        }
        return aside
    }

    private static func copy(_ source: String, to target: String) throws(DeployError) {
        unlink(target)
        let original = try SQLiteConnection(
            path: source, access: .readOnly, code: .stepFailed, damage: .needsPerson)
        let copy = try SQLiteConnection(path: target, access: .create, code: .stepFailed)
        guard chmod(target, 0o600) == 0 else { throw systemError(target, "cannot be made private") }
        try SQLiteCopy.pages(of: original, into: copy)
        try FileSync.file(target)
    }

    /// For reading alone; whole, or refused.
    func openCopy() throws(DeployError) -> SQLiteConnection {
        let connection = try SQLiteConnection(
            path: copyPath, access: .readOnly, code: .stepFailed, damage: .needsPerson)
        try StateMigrator(connection: connection, path: copyPath).requireWhole()
        return connection
    }
}
