import FoundationEssentials

/// Files of releases that served until lately, for pages that visitors still have open.
///
/// Only names that carry a hash count: such a file never changes, so an old one is as right as it was.
struct KeptAssets: Sendable {
    struct Kept: Hashable, Sendable {
        let release: Timestamp
        /// From then on nothing of it is served.
        let until: Date
        /// Where each static route's files lie, relative to the release, by the path of the route.
        let folders: [String: String]
    }

    /// Absolute path of the folder of all releases.
    let releases: String
    /// The latest first.
    let kept: [Kept]

    static let none = KeptAssets(releases: "", kept: [])

    /// A name with six hexadecimal digits and more, or with eight and more letters of which one is a digit or a capital,
    /// or below a folder of sixteen such; nothing that begins with a dot.
    static let hashed =
        #"(?s)^(?!.*/\.)(?:.*[._~-](?:[0-9a-f]{6,}|(?=[^./]*[0-9A-Z])[A-Za-z0-9_-]{8,})(?:\.[^/]*)$"#
        + #"|.*/[0-9a-f]{8,}\.[^/]*$|.*/(?=[^/]*[0-9A-Z])[A-Za-z0-9_-]{16,}/)"#

    /// For all servers.
    var lines: [String] {
        guard !kept.isEmpty else { return [] }
        return [#"map $uri $is_hashed { default ""; "~\#(Self.hashed)" 1; }"#]
            + kept.map { one in
                #"map $msec \#(Self.variable(one)) { default gone; "~^\#(Self.pattern(before: one.until))" \#(one.release); }"#
            }
    }

    /// In a location where a file may be missing.
    func lines(of route: Service.Route, number: Int, beside errors: ErrorPages) -> [String] {
        hasSome(of: route)
            ? ["error_page 404 = \(Self.name(number));"] + errors.linesAgain(except: "404") : []
    }

    /// The location that looks in older releases.
    func location(of route: Service.Route, number: Int, served: String) -> [String] {
        guard hasSome(of: route) else { return [] }
        let below = route.path.before("/").map(String.init) ?? route.path
        let places = kept.compactMap { one in
            one.folders[route.path].map { folder in
                NginxText.quoted("/\(Self.variable(one))\(folder.isEmpty ? "" : "/\(folder)")$uri")
            }
        }
        return [
            "location \(Self.name(number)) {", "    recursive_error_pages on;", "    \(served)",
            "    if ($is_hashed = \"\") { return 404; }",
        ]
            + (below.isEmpty
                ? [] : ["    rewrite \"(?s)^\(NginxText.pattern(below))(/.*)$\" $1 break;"]) + [
                "    root \(NginxText.quoted(releases));",
                "    disable_symlinks on \(NginxText.quoted("from=\(releases)"));",
                "    try_files \(places.joined(separator: " ")) =404;", "}",
            ]
    }

    private func hasSome(of route: Service.Route) -> Bool { kept.contains { $0.folders[route.path] != nil } }

    private static func name(_ number: Int) -> String { "@kept-\(number)" }
    private static func variable(_ one: Kept) -> String { "$kept_\(one.release)" }

    /// Matches the beginning of a number of seconds since 1970 that is smaller; nginx cannot compare numbers.
    static func pattern(before moment: Date) -> String {
        let digits = Array(String(Int64(moment.timeIntervalSince1970.rounded(.up))).utf8)
        let smaller = digits.indices.filter { digits[$0] > UInt8(ascii: "0") }.map { index in
            let same = String(decoding: digits[..<index], as: UTF8.self)
            let rest = digits.count - index - 1
            return "\(same)[0-\(digits[index] - UInt8(ascii: "1"))]\(rest == 0 ? "" : "[0-9]{\(rest)}")"
        }
        return "(?:\(smaller.joined(separator: "|")))\\."
    }
}
