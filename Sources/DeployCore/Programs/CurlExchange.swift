import FoundationEssentials

/// One request by curl and its answer, with whatever is secret on standard input, never in argv.
struct CurlExchange {
    var address: ServiceAddress
    var method: String
    var path: String
    var headers: [String: String]
    var body: JSONField?
    var deadline: Duration

    var request: CommandRequest {
        CommandRequest(
            Command("curl", ["--disable", "--config", "-"]), input: Data(configuration.utf8),
            deadline: deadline + .seconds(2), outputLimit: 4 << 20)
    }

    private var configuration: String {
        var lines = [
            "silent", "show-error", "globoff", "noproxy = \"*\"",
            "max-time = \"\(max(1, Int(deadline.seconds.rounded(.up))))\"", "dump-header = \"-\"",
            "write-out = \"\\n%{http_code} %{time_total}\"", "header = \"Expect:\"",
        ]
        switch address {
        case .socket(let file):
            lines += [
                "unix-socket = \(Self.quoted(file))", "url = \(Self.quoted("http://localhost" + path))",
            ]
        case .port(let port): lines.append("url = \(Self.quoted("http://127.0.0.1:\(port)" + path))")
        case .tls(let port):
            lines += ["insecure", "url = \(Self.quoted("https://127.0.0.1:\(port)" + path))"]
        }
        lines.append(method == "HEAD" ? "head" : "request = \"\(method)\"")
        var headers = headers
        if let body {
            if case .text(let text) = body {
                lines.append("data-raw = \(Self.quoted(text))")
            } else {
                lines.append("data-raw = \(Self.quoted((try? JSON.text(body)) ?? ""))")
                if !headers.keys.contains(where: { $0.lowered == "content-type" }) {
                    headers["Content-Type"] = "application/json"
                }
            }
        }
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
            lines.append("header = \(Self.quoted("\(name): \(value)"))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// As curl's configuration wants it; a line feed inside would begin a new option.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

/// What a server answered.
struct HTTPAnswer {
    var status: Int
    var seconds: Double
    /// By lower-case name; the last one of a name counts.
    var headers: [String: String] = [:]
    var body: [UInt8] = []

    /// nil when the exchange did not end well.
    init?(_ result: CommandResult) {
        guard result.succeeded else { return nil }
        let bytes = Array(result.output.utf8)
        guard let end = bytes.lastIndex(of: 0x0A) else { return nil }
        let trailer = String(decoding: bytes[(end + 1)...], as: UTF8.self).split(at: " ")
        guard trailer.count == 2, let status = Int(trailer[0]), let seconds = Double(trailer[1]), status > 0
        else { return nil }
        (self.status, self.seconds) = (status, seconds)
        var rest = bytes[..<end]
        while rest.starts(with: "HTTP/".utf8), let block = Self.block(&rest) {
            headers = [:]
            for line in block.split(separator: 0x0A).dropFirst() {
                guard let (name, value) = String(decoding: line, as: UTF8.self).cut(at: ":") else { continue }
                headers[name.lowered] = String(value.trimmed)
            }
        }
        body = Array(rest)
    }

    /// Takes the header block off the front; an interim answer has one of its own.
    private static func block(_ bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var index = bytes.startIndex
        while index + 3 < bytes.endIndex {
            if bytes[index] == 0x0D, bytes[index + 1] == 0x0A, bytes[index + 2] == 0x0D,
                bytes[index + 3] == 0x0A
            {
                let block = bytes[..<index]
                bytes = bytes[(index + 4)...]
                return block
            }
            index += 1
        }
        return nil
    }

    var json: JSONField? { try? JSONDecoder().decode(JSONField.self, from: Data(body)) }
}
