import FoundationEssentials

/// A message to an address somewhere; the address, tokens and the message are on curl's standard input, never in argv.
struct CurlPost {
    var url: String
    var method = "POST"
    var headers: [String: String] = ["Content-Type": "application/json"]
    var body: String
    var deadline = Duration.seconds(10)

    /// Redirects are not followed: they could lead a secret elsewhere.
    var request: CommandRequest {
        var lines = [
            "silent", "show-error", "globoff", "proto = \"=https,http\"",
            "max-time = \"\(max(1, Int(deadline.seconds)))\"", "dump-header = \"-\"",
            "write-out = \"\\n%{http_code} %{time_total}\"", "header = \"Expect:\"",
            "url = \(CurlExchange.quoted(url))", "request = \"\(method)\"",
            "data-raw = \(CurlExchange.quoted(body))",
        ]
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
            lines.append("header = \(CurlExchange.quoted("\(name): \(value)"))")
        }
        return CommandRequest(
            Command("curl", ["--disable", "--config", "-"]),
            input: Data((lines.joined(separator: "\n") + "\n").utf8),
            deadline: deadline + .seconds(2), outputLimit: 64 << 10)
    }
}

/// A letter handed to a mail server; its address with account and password is on curl's standard input.
struct CurlMail {
    var server: String
    var from: String
    var to: [String]
    /// Absolute: the file that holds the letter.
    var letter: String
    var deadline = Duration.seconds(20)

    /// A server of this machine may take letters in clear text.
    private var isNear: Bool {
        let place = server.cut(at: "//").map { String($0.after) } ?? server
        let host = place.split(at: "@").last ?? ""
        return ["127.0.0.1", "localhost", "[::1]"].contains { near in
            host == near || ["\(near):", "\(near)/"].contains { host.begins(with: $0) }
        }
    }

    var request: CommandRequest {
        let lines =
            [
                "silent", "show-error", "globoff", "proto = \"=smtp,smtps\"",
                "max-time = \"\(max(1, Int(deadline.seconds)))\"", "url = \(CurlExchange.quoted(server))",
                "mail-from = \(CurlExchange.quoted("<\(from)>"))",
                "upload-file = \(CurlExchange.quoted(letter))", "crlf",
            ] + (isNear ? [] : ["ssl-reqd"]) + to.map { "mail-rcpt = \(CurlExchange.quoted("<\($0)>"))" }
        return CommandRequest(
            Command("curl", ["--disable", "--config", "-"]),
            input: Data((lines.joined(separator: "\n") + "\n").utf8),
            deadline: deadline + .seconds(2), outputLimit: 64 << 10)
    }
}
