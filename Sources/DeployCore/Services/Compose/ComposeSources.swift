import FoundationEssentials

/// The files that the engine's parser opens while it resolves a Compose file; all have to be parts of the release.
///
/// The parser itself reads each of them for deployctl, but as the value of a key without a meaning: it then follows nothing.
struct ComposeSources {
    let ground: ComposeGround
    /// What the parser prints for a document; the flag says whether variables get their values.
    let parse: (_ document: String, _ name: String, _ interpolating: Bool) throws(DeployError) -> JSONTree
    private var seen: Set<ByteText> = []

    /// The key that has no meaning.
    static let key = "x-file"
    private static let most = 100

    init(
        ground: ComposeGround,
        parse:
            @escaping (_ document: String, _ name: String, _ interpolating: Bool) throws(DeployError) ->
            JSONTree
    ) {
        self.ground = ground
        self.parse = parse
    }

    /// - Throws: `.invalidDefinition` naming the key that leads out of the release.
    mutating func check(_ file: String) throws(DeployError) {
        try check(file, relativeTo: Path.parent(file), interpolating: true)
    }

    /// `folder`: what relative paths in the file are relative to.
    private mutating func check(_ file: String, relativeTo folder: String, interpolating: Bool)
        throws(DeployError)
    {
        guard seen.insert(ByteText("\(file) \(folder) \(interpolating)")).inserted else { return }
        let name = ground.name(of: file)
        guard seen.count <= Self.most else {
            throw refusal(name, "the file", "more than \(Self.most) files belong to it")
        }
        if let why = ground.objectionToSource(file) { throw refusal(name, "the file", why) }
        guard let data = try ground.files.read(file) else { return }
        guard let document = Self.document(of: data) else {
            throw refusal(
                name, "the file", "it is not one document of UTF-8 whose lines end as lines usually do",
                next: "write it as one")
        }
        let tree = try parse(document, name, interpolating)
        let place = Place(file: name, folder: folder, interpolating: interpolating)
        for (service, tree) in tree["services"]?.members.sorted(by: { $0.key < $1.key }) ?? [] {
            try check(service: Shown.text(service), tree, in: place)
        }
        for item in tree["include"]?.items ?? [] { try check(include: item, in: place) }
    }

    private struct Place {
        var file: String
        var folder: String
        var interpolating: Bool
    }

    private mutating func check(service: String, _ tree: JSONTree, in place: Place) throws(DeployError) {
        for key in ["env_file", "label_file"] {
            for path in tree[key]?.paths ?? [] { _ = try source(path, "services.\(service).\(key)", place) }
        }
        guard let path = tree["extends"]?["file"]?.text else { return }
        let file = try source(path, "services.\(service).extends", place)
        try check(file, relativeTo: Path.parent(file), interpolating: place.interpolating)
    }

    /// Variables of what is included may have other values than here, so no path there may hold one.
    private mutating func check(include item: JSONTree, in place: Place) throws(DeployError) {
        for path in item["env_file"]?.paths ?? [] { _ = try source(path, "include.env_file", place) }
        let files = try (item["path"] ?? item).paths.map { path throws(DeployError) in
            try source(path, "include", place)
        }
        let folder =
            try item["project_directory"]?.text.map { path throws(DeployError) in
                try source(path, "include.project_directory", place)
            } ?? files.first.map(Path.parent)
        guard let folder else { return }
        _ = try source("\(folder)/.env", "include", place)
        for file in files { try check(file, relativeTo: folder, interpolating: false) }
    }

    private func source(_ path: String, _ key: String, _ place: Place) throws(DeployError) -> String {
        let remote =
            ["git@", "github.com/", "oci:", "~"].contains { path.begins(with: $0) } || path.holds("://")
        // `user@host:path` is fetched by ssh, whoever the user is; the files of a service are never fetched.
        let mayFetch = key == "include" || key.ends(with: ".extends")
        guard !remote, !mayFetch || !path.holds(":") else {
            throw refusal(place.file, key, "\(Shown.text(path)) is no path in the release")
        }
        guard place.interpolating || !path.holds("$") else {
            throw refusal(
                place.file, key, "\(Shown.text(path)) depends on variables of the file that includes it",
                next: "write the path out")
        }
        let full = Path.joined(place.folder, ComposeText.plain(path))
        if let why = ground.objectionToSource(full) { throw refusal(place.file, key, why) }
        return full
    }

    private func refusal(
        _ file: String, _ key: String, _ why: String, next: String = "name a file of the release"
    )
        -> DeployError
    {
        DeployError(.invalidDefinition, what: "\(key) of \(file) is refused", why: why, next: next)
    }
}

extension ComposeSources {
    /// The file's text as the value of `key`; nil where a line could end that value.
    static func document(of data: Data) -> String? {
        let text = String(decoding: data, as: UTF8.self)
        let unix = (text.after("\u{FEFF}") ?? text[...]).replacing("\r\n", by: "\n")
        guard text.utf8.elementsEqual(data),
            !["\0", "\r", "\u{85}", "\u{2028}", "\u{2029}", "\u{FEFF}"].contains(where: unix.holds)
        else { return nil }
        var lines = unix.split(at: "\n", keepsEmpty: true)
        if let first = lines.firstIndex(where: { !$0.trimmed.isEmpty && !$0.begins(with: "#") }),
            lines[first].trimmed == "---"
        {
            lines[first] = ""
        }
        guard !lines.contains(where: { line in ["---", "...", "%"].contains { line.begins(with: $0) } })
        else {
            return nil
        }
        return "\(key):\n\(lines.map { "  \($0)\n" }.joined())services: {}\n"
    }
}

extension JSONTree {
    /// Paths as one text, as a list of them, or as objects with `path`.
    fileprivate var paths: [String] {
        text.map { [$0] } ?? (items.isEmpty ? [self] : items).compactMap { $0.text ?? $0["path"]?.text }
    }
}
