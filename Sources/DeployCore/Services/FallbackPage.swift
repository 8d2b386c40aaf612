/// The page of a static route that answers paths without a file, for applications whose routes live in the browser.
///
/// A path of which the last name has a dot asks for a file, and is 404 without it. `/about` is `about.html` where that is.
struct FallbackPage {
    /// Absolute path of the page, a file of the release.
    let page: String
    /// The folder below which no link is followed.
    let root: String
    /// Told apart from those of other routes.
    let number: Int

    /// Beside what a folder is served by.
    static let shared = #"map $uri $page { default "$uri.html"; "~/$" "$uri"; }"#

    private var name: String { "@fallback-\(number)" }

    /// In the location of the route.
    func lines(beside errors: ErrorPages) -> [String] {
        ["try_files $uri $page $uri/ \(name);", "error_page 403 = \(name);"]
            + errors.linesAgain(except: "403")
    }

    /// The location that shows the page; `missing`: what is done about a file that is not there.
    func location(missing: [String]) -> [String] {
        [
            "location \(name) {", "    recursive_error_pages on;",
        ] + missing.map { "    \($0)" } + [
            #"    if ($uri ~ "\.[^/]*$") { return 404; }"#,
            "    root \(NginxText.quoted(Path.parent(page)));",
            "    disable_symlinks on \(NginxText.quoted("from=\(root)"));",
            "    try_files \(NginxText.quoted("/\(Path.name(page))")) =404;", "}",
        ]
    }
}
