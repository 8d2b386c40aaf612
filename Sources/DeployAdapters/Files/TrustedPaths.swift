import DeployCore
import Glibc

/// What this user trusts though others may change it, and the programs that may start deployments for them: an
/// absolute path a line, in a file of their own, `deployctl/trusted` in `$XDG_CONFIG_HOME` or `~/.config`.
enum TrustedPaths {
    /// Read once; none where others may change the file itself.
    static let lines: [String] = {
        let home = getenv("HOME").map { String(cString: $0) + "/.config" }
        guard let folder = getenv("XDG_CONFIG_HOME").map({ String(cString: $0) }) ?? home,
            case let path = "\(folder)/deployctl/trusted", path.begins(with: "/"),
            Ownership.ours.stranger(on: path) == nil,
            let text = try? LocalFileStore().read(path, from: 0, limit: 1 << 16)
        else { return [] }
        return String(decoding: text, as: UTF8.self).lines.map { String($0.trimmed) }
            .filter { $0.begins(with: "/") }
    }()
}
