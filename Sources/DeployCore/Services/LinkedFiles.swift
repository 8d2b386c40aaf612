import FoundationEssentials

/// Files of the machine that stand in each release by a link, such as `.env`, and are no part of it.
///
/// The link leads to a private copy in the environment's own folder, taken anew whenever a release is built, checked
/// or started: an account of the environment may read it, and a release starts while the file itself is gone.
struct LinkedFiles {
    let site: Site

    private var files: any FileStore { site.ports.files }
    private var layout: Layout { site.layout }
    private var paths: [String] { site.environment.linkedPaths }

    /// Points the links of a sealed release at copies of what `secrets`, those of the run, hold of the files.
    ///
    /// - Throws: `.gateRefused` where something of the release stands there.
    func link(into release: Timestamp, _ secrets: [String: String]) throws(DeployError) {
        guard !paths.isEmpty else { return }
        let sealed = try ReleaseSeal(site).sealed(release)
        for path in paths {
            let taken = sealed.entries.contains { $0.path == path || $0.path.begins(with: "\(path)/") }
            if taken { throw collision(path) }
        }
        try link(in: layout.release(release), secrets)
    }

    /// The same in a folder that becomes a release.
    func link(beforeBuildIn folder: String, _ secrets: [String: String]) throws(DeployError) {
        for path in paths where files.kind(of: "\(folder)/\(path)") != nil { throw collision(path) }
        try link(in: folder, secrets)
    }

    /// Removes what stands at the links' places.
    ///
    /// - Returns: the paths at which something else stood.
    func takeOut(of folder: String) throws(DeployError) -> [String] {
        var replaced: [String] = []
        for path in paths {
            let place = "\(folder)/\(path)"
            if files.kind(of: place) != nil, files.linkTarget(place) != layout.linkedFile(path) {
                replaced.append(path)
            }
            try files.remove(path, beneath: folder)
        }
        return replaced
    }

    /// What the last start had of a linked file; nil for another secret, or where there was none.
    func kept(_ secret: String) -> String? {
        guard let path = paths.first(where: { Environment.linkedFileName($0) == secret }) else { return nil }
        return copy(of: path)
    }

    /// Links that are gone from a release, in words.
    func drift(of release: Timestamp) -> [String] {
        paths.filter { files.linkTarget("\(layout.release(release))/\($0)") != layout.linkedFile($0) }
            .map { "the linked file \(Shown.text($0)) is not in the release: \(restart)" }
    }

    /// Files that the next start would have otherwise than what serves, in words.
    var waiting: [String] {
        paths.compactMap { path in
            do throws(DeployError) {
                let source = SecretSource.file(site.environment.linkedFiles[path] ?? "")
                let now = try site.ports.secrets.fetch(source, named: Environment.linkedFileName(path))
                guard copy(of: path) != now.exposed else { return nil }
                return "the linked file \(Shown.text(path)) was changed since the start: \(restart)"
            } catch {
                return "\(error.what), a start takes its last copy: \(error.why)"
            }
        }
    }

    /// Removes copies that no link of the definition leads to.
    func prune() throws(DeployError) {
        let used = paths.map { Path.name(layout.linkedFile($0)) }
        for name in files.names(in: layout.linkedFiles) where !used.contains(where: { $0 == name }) {
            try files.remove("\(layout.linkedFiles)/\(name)")
        }
    }

    private var restart: String { "deployctl restart \(site.environment.name)" }

    private func link(in folder: String, _ secrets: [String: String]) throws(DeployError) {
        for path in paths {
            if let content = secrets[Environment.linkedFileName(path)] { try bring(content, to: path) }
            try files.pointLink(path, to: layout.linkedFile(path), beneath: folder)
        }
    }

    private func bring(_ content: String, to path: String) throws(DeployError) {
        let copy = layout.linkedFile(path)
        try files.makeFolder(layout.linkedFiles)
        if self.copy(of: path) != content { try files.publish(Data("\(content)\n".utf8), to: copy) }
        guard let account = try site.account() else { return }
        // By name: accounts of two environments may have one group.
        try files.grant(.added(.passage, account), at: layout.linkedFiles)
        try files.grant(.added(.reading(dotFiles: true), account), at: copy)
    }

    /// Without the newline it ends with, as secrets are.
    private func copy(of path: String) -> String? {
        guard let data = try? files.read(layout.linkedFile(path)) else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        return text.before("\n").map { String($0) } ?? text
    }

    private func collision(_ path: String) -> DeployError {
        DeployError(
            .gateRefused, what: "\(Shown.text(path)) cannot be linked into the release",
            why: "the release has something of its own there; it would vanish",
            next: "git rm --cached -r \(ShellText.quoted(path)) and commit, or remove it from \"files\"")
    }
}

extension LinkedFiles {
    /// What of linked files shall not be printed: lines that say something, and what they say unless it is an ordinary word.
    static func values(in secrets: [String: String]) -> [String] {
        secrets.filter { Environment.isLinkedFile($0.key) }.values.flatMap(\.lines).flatMap { line in
            let line = String(line.trimmed)
            let isNamed = names.contains { String(line).lowered.holds($0) }
            let quoted = isNamed ? Self.quoted(in: line) : []
            guard let sign = line.utf8.firstIndex(where: { "=:".utf8.contains($0) }) else {
                return (isUnusual(line) || !quoted.isEmpty ? [line] : []) + quoted
            }
            let value = bare(line.utf8[line.utf8.index(after: sign)...])
            guard !value.isEmpty else { return quoted }
            let name = String(line[..<sign]).lowered
            let tells = names.contains { name.holds($0) }
            return (tells || isUnusual(value) ? [line, value] : [line]) + quoted
        }
    }

    private static let names = ["pass", "pwd", "secret", "token", "key", "cred", "auth", "salt", "dsn"]

    /// What stands between quotation marks, as in `define('DB_PASSWORD', '…')`, names of settings left out.
    private static func quoted(in line: String) -> [String] {
        ["'", "\""].flatMap { sign in
            line.split(at: sign, keepsEmpty: true).enumerated().filter { $0.offset % 2 == 1 }.map {
                String($0.element)
            }
        }.filter { text in text.utf8.count >= 4 && !names.contains { text.lowered.holds($0) } }
    }

    /// Without the signs that files of settings put around a value.
    private static func bare(_ value: Substring.UTF8View) -> String {
        let signs = Array(" \t>\"',;".utf8)
        var rest = value[...]
        while let first = rest.first, signs.contains(first) { rest.removeFirst() }
        while let last = rest.last, signs.contains(last) { rest.removeLast() }
        return String(decoding: rest, as: UTF8.self)
    }

    /// Names of environments, modes and hosts stand in every message.
    private static func isUnusual(_ value: String) -> Bool {
        if value.holds("://") { return value.holds("@") }
        return value.utf8.count >= 8 && value.utf8.contains { $0.isDigit }
            && value.utf8.contains { $0.isASCIILetter }
    }
}

extension Redactor {
    /// For what a run has by name: values as they are, and of linked files what tells.
    init(of secrets: [String: String]) {
        let whole = secrets.filter { !Environment.isLinkedFile($0.key) }
        self.init(Array(whole.values) + LinkedFiles.values(in: secrets))
    }
}
