import FoundationEssentials

/// Pages of a release that nginx shows instead of its own when it is itself that answers with an error.
///
/// They are copied beside the instance's sockets, where the edge finds those of the release that serves.
struct ErrorPages {
    /// By status: the page's path in the release.
    let pages: [String: String]

    init(_ environment: Environment) { pages = environment.front.errors ?? [:] }

    /// The most bytes of one page.
    private static let limit = 1 << 20

    static func folder(in instance: String) -> String { "\(instance)/errors" }

    /// What shows them, in a server; `instance` is the folder of the instance, or the link to it.
    func lines(from instance: String) -> [String] {
        pages.keys.sorted().flatMap { status -> [String] in
            let address = Self.address(status)
            return [
                "error_page \(status) \(address);", "location = \(NginxText.quoted(address)) {",
                "    internal;", "    auth_basic off;", "    client_max_body_size 0;",
                "    root \(NginxText.quoted(Self.folder(in: instance)));",
                "    try_files \(NginxText.quoted("/\(status).html")) =\(status);", "}",
            ]
        }
    }

    /// The same for a location that says for itself what is shown with one status.
    func linesAgain(except own: String) -> [String] {
        pages.keys.sorted().filter { $0 != own }.map { "error_page \($0) \(Self.address($0));" }
    }

    private static func address(_ status: String) -> String { "/.deployctl-errors/\(status).html" }

    /// - Throws: `.stepFailed` where the release has no such file, which a link is not.
    func copy(
        of release: String, sealed: Manifest, to instance: String, _ files: any FileStore, environment: String
    ) throws(DeployError) {
        guard !pages.isEmpty else { return }
        try files.makeFolder(Self.folder(in: instance))
        for (status, path) in pages.sorted(by: { $0.key < $1.key }) {
            let entry = sealed.entries.first { ByteText($0.path) == ByteText(path) }
            guard case .file? = entry?.content, let page = try files.read(path, beneath: release) else {
                throw wrong(
                    status, path, entry == nil ? "the release has no such file" : "it is a link", environment)
            }
            guard page.count <= Self.limit else {
                throw wrong(status, path, "it has more than 1 MiB", environment)
            }
            try files.publish(page, to: "\(Self.folder(in: instance))/\(status).html")
        }
    }

    private func wrong(_ status: String, _ path: String, _ why: String, _ environment: String) -> DeployError
    {
        DeployError(
            .stepFailed, what: "The page \(path) for status \(status) cannot be shown", why: why,
            next:
                "commit it as a file, or remove \"\(status)\" from \"front.errors\" of environments/\(environment).json"
        )
    }
}
