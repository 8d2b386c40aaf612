import CSQLite
import DeployCore
import Glibc
import StateSchema

/// Brings the tool's state to this version's schema; refuses a newer or damaged one.
struct StateMigrator {
    let connection: SQLiteConnection
    let path: String

    func create() throws(DeployError) {
        guard chmod(path, 0o600) == 0 else {
            throw damaged("its permissions cannot be set: \(String(cString: strerror(errno)))")
        }
        try connection.execute("PRAGMA synchronous = EXTRA; PRAGMA foreign_keys = ON;")
        try migrate()
        try FileSync.file(path)
    }

    /// Settings, integrity, version, in that order.
    ///
    /// Returns when the file was last read as a whole, in seconds since 1970; nil where it changed meanwhile.
    func prepare() throws(DeployError) -> Int64? {
        chmod(path, 0o600)
        var readAt: Int64?
        do throws(DeployError) {
            try connection.execute(Self.settings)
            let version = try connection.run("PRAGMA user_version").first?.first?.integer ?? 0
            guard version > 0 else { throw damaged("it is empty, or a database of another program") }
            readAt = try readWhole(unlessSealed: version == target)
            guard version < target else {
                guard version == target else { throw newer(version) }
                return readAt
            }
            try copyAside(version)
        } catch {
            throw connection.isDamaged ? damaged(error.why) : error
        }
        try migrate()
        return readAt
    }

    /// A whole file that an earlier version may have written, in the place of the one at `path`; what it was stays there as
    /// after every migration.
    func bringUp() throws(DeployError) {
        let version = try connection.run("PRAGMA user_version").first?.first?.integer ?? 0
        guard version < target else { return }
        if access("\(path).v\(version)", F_OK) != 0 { try copyAside(version) }
        try migrate()
    }

    private func readWhole(unlessSealed maySkip: Bool) throws(DeployError) -> Int64? {
        let seal = StateSeal(path: path)
        if maySkip, let readAt = seal.readAt { return readAt }
        let seen = seal.look
        try refuseBroken()
        return seal.note(seen)
    }

    private static let settings =
        "PRAGMA journal_mode = PERSIST; PRAGMA synchronous = EXTRA; PRAGMA foreign_keys = ON;"

    func migrate() throws(DeployError) {
        try connection.transaction { () throws(DeployError) in
            let version = try connection.run("PRAGMA user_version").first?.first?.integer ?? 0
            for number in version..<target {
                try connection.execute(String(decoding: StateSchema.migrations[Int(number)], as: UTF8.self))
            }
            try connection.execute("PRAGMA user_version = \(target)")
        }
    }

    /// What puts the safe copy in the place of a state that is lost or damaged.
    static let wayBack = "deployctl adopt --state"

    private var target: Int64 { Int64(StateSchema.migrations.count) }

    private func copyAside(_ version: Int64) throws(DeployError) {
        let copy = "\(path).v\(version)"
        unlink(copy)
        try connection.run("VACUUM INTO ?", [.text(copy)])
        chmod(copy, 0o600)
        try FileSync.file(copy)
        try FileSync.folder(of: copy)
    }

    /// That a copy is one of this version or an older one, and not damaged.
    func requireWhole() throws(DeployError) {
        let version = try connection.run("PRAGMA user_version").first?.first?.integer ?? 0
        guard (1...target).contains(version) else { throw damaged("its version is \(version)") }
        try refuseBroken()
    }

    /// - Throws: `.needsPerson` where it is whole, and of a newer version.
    func refuseNewer() throws(DeployError) {
        guard let version = (try? connection.run("PRAGMA user_version"))?.first?.first?.integer else {
            return
        }
        guard version > target, let found = try? integrity(), found == "ok" else { return }
        throw newer(version)
    }

    /// A flipped bit can hide rows without any statement failing.
    ///
    /// A last page that is cut where it is empty anyway is read as if it were whole.
    private func refuseBroken() throws(DeployError) {
        let size = try connection.run(
            "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        ).first?.first?.integer
        var file = stat()
        guard lstat(path, &file) == 0, let size, file.st_size >= size else {
            throw damaged("it ends before its last page does")
        }
        let found = try integrity()
        guard found == "ok" else { throw damaged(found) }
    }

    /// `ok`, or the first thing that is wrong.
    private func integrity() throws(DeployError) -> String {
        try connection.run("PRAGMA integrity_check(1)").first?.first?.text ?? "the check says nothing"
    }

    private func newer(_ version: Int64) -> DeployError {
        DeployError(
            .needsPerson, what: "The state \(path) is of a newer deployctl",
            why: "it has version \(version), this binary knows \(target); nothing was changed",
            next: "use the newer binary; before its migration it copied the state to \(path).v\(target)")
    }

    private func damaged(_ why: String) -> DeployError {
        DeployError(
            .needsPerson, what: "The state \(path) cannot be used", why: "\(why); nothing was changed",
            next: Self.wayBack)
    }
}
