import DeployCore
import Glibc

extension LocalFileStore {
    public func fingerprint(of manifest: Manifest, in folder: String) throws(DeployError) -> Fingerprint? {
        var files = try ListedFiles(folder)
        var lines: [UInt8] = []
        var youngest: Int64 = 0
        for entry in manifest.entries {
            guard let found = try files.information(entry.path) else { return nil }
            let changed = nanoseconds(found.st_ctim)
            youngest = max(youngest, changed)
            let line =
                "\(found.st_ino) \(found.st_mode) \(found.st_size) \(nanoseconds(found.st_mtim)) \(changed)\n"
            lines += line.utf8
        }
        var hash = SHA256()
        lines.withUnsafeBytes { hash.update($0) }
        return Fingerprint(text: hash.hexadecimal(), youngest: youngest)
    }

    /// Asks for it by changing a file that nobody else sees, until the clock has gone on.
    public func moment(in folder: String) -> Int64 {
        let path = temporaryName(for: "\(folder)/clock")
        guard let file = try? createFile(path, mode: 0o600) else { return 0 }
        unlink(path)
        let first = file.information.map { nanoseconds($0.st_ctim) } ?? .max
        for _ in 0..<1000 {
            if futimens(file.number, nil) == 0, let now = file.information.map({ nanoseconds($0.st_ctim) }),
                now > first
            {
                return now
            }
            usleep(200)
        }
        return 0
    }
}

private func nanoseconds(_ time: timespec) -> Int64 {
    Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
