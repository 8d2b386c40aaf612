import DeployCore
import Glibc

/// What this user trusts though others may change it, and the programs that may start deployments for them: an
/// absolute path a line, in a file of their own, `deployctl/trusted`.
enum TrustedPaths {
    /// Folders, of the file in `$XDG_CONFIG_HOME` or `~/.config`; none where others may change the file itself.
    static let folders: [String] = {
        let home = getenv("HOME").map { String(cString: $0) + "/.config" }
        return (getenv("XDG_CONFIG_HOME").map { String(cString: $0) } ?? home).map(lines(in:)) ?? []
    }()

    /// Programs, of the file in `.config` of the account's own home: what a process passes in variables says nothing
    /// about what may start deployments.
    static let programs: [String] = {
        guard let home = getpwuid(getuid())?.pointee.pw_dir else { return [] }
        return lines(in: "\(String(cString: home))/.config")
    }()

    private static func lines(in folder: String) -> [String] {
        guard case let path = "\(folder)/deployctl/trusted", path.begins(with: "/"),
            Ownership.ours.stranger(on: path) == nil,
            let text = try? LocalFileStore().read(path, from: 0, limit: 1 << 16)
        else { return [] }
        return String(decoding: text, as: UTF8.self).lines.map { String($0.trimmed) }
            .filter { $0.begins(with: "/") }
    }
}
