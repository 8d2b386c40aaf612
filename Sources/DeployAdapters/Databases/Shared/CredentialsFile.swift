import DeployCore
import FoundationEssentials
import Glibc

/// A private file that a database client reads its credentials from; removed with its last user.
///
/// Named after the process that made it, so that one an ended process left behind is known and swept.
final class CredentialsFile: Sendable {
    /// Absolute path, 0600 in a folder 0700.
    let path: String
    private let keeps: Bool

    /// Writes the file; one that `keeps` stays as long as this process, for a console that takes its place.
    init(_ text: String, of access: ServerAccess, keeps: Bool) throws(DeployError) {
        let (files, folder) = (access.files, "\(access.layout.root)/clients")
        try files.makeFolder(folder)
        Self.sweep(folder, files)
        let random = String(UInt64.random(in: .min ... .max), radix: 16)
        path = "\(folder)/\(getpid())-\(random)"
        self.keeps = keeps
        try files.publish(Data(text.utf8), to: path)
    }

    deinit { if !keeps { unlink(path) } }

    private static func sweep(_ folder: String, _ files: any FileStore) {
        for name in files.names(in: folder) {
            let digits = (name.after(".") ?? name[...]).leadingDigits
            guard let pid = Int32(digits), kill(pid, 0) != 0, errno == ESRCH else { continue }
            try? files.remove("\(folder)/\(name)")
        }
    }
}
