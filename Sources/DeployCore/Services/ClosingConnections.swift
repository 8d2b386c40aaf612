/// How the edge ends connections before its workers are replaced, so that no visitor's next request is lost.
///
/// A worker that is replaced closes connections on which nothing is asked, and what is on its way there then is lost. So for
/// a moment before it each answer says that its connection ends, and visitors come by new ones.
struct ClosingConnections {
    /// Absolute path of the file that is there while it is so.
    let flag: String

    private static let status = 599
    private static let name = "@closing"

    /// For a server that visitors reach.
    static let handover = "error_page \(status) = \(name);"

    /// The first line of what passes requests on.
    var question: String { "if (-f \(NginxText.quoted(flag))) { return \(Self.status); }" }

    /// Passes requests on by the same lines, each on a connection that ends with its answer.
    func location(_ lines: [String]) -> [String] {
        ["location \(Self.name) {", "    keepalive_timeout 0;"] + lines.map { "    \($0)" } + ["}"]
    }
}
