/// Command lines for HTTP probes by curl, and how to read their answer; data only.
public enum CurlCommands {
    /// Asks `path` `times` times; prints the response headers of each answer, drops the bodies.
    ///
    /// Redirects are not followed: an answer must come from the very place that was asked.
    public static func probe(_ address: ServiceAddress, path: String, times: Int = 1, deadline: Duration)
        -> Command
    {
        let seconds = max(1, Int(deadline.components.seconds))
        var arguments = [
            "--silent", "--show-error", "--globoff", "--noproxy", "*", "--max-time", "\(seconds)",
        ]
        let origin: String
        switch address {
        case .socket(let file):
            arguments += ["--unix-socket", file]
            origin = "http://localhost"
        case .port(let port): origin = "http://127.0.0.1:\(port)"
        case .tls(let port):
            arguments += ["--insecure"]
            origin = "https://127.0.0.1:\(port)"
        }
        arguments += ["--dump-header", "-"]
        for _ in 0..<times { arguments += ["--output", "/dev/null", origin + path] }
        return Command("curl", arguments)
    }

    /// One answer of a probe.
    public struct Answer: Hashable, Sendable {
        public var status: Int
        /// Which instance's front sent it.
        public var instance: String?
    }

    /// Reads what `probe` printed.
    public static func answers(_ headers: String) -> [Answer] {
        var found: [Answer] = []
        for line in headers.lines {
            if line.begins(with: "HTTP/") {
                let words = line.split(at: " ")
                let status = words.count > 1 ? Int(words[1]) ?? 0 : 0
                found.append(Answer(status: status, instance: nil))
            } else if let (name, value) = line.cut(at: ":"), name.lowered == instanceHeader.lowered {
                guard !found.isEmpty else { continue }
                found[found.count - 1].instance = String(value.trimmed)
            }
        }
        return found.filter { !(100..<200).contains($0.status) }
    }

    /// The response header in which a front names its instance.
    public static let instanceHeader = "X-Deployctl-Deployment"
}

extension CommandRequest {
    /// Asks an address whether it answers, and waits for five seconds.
    static func probe(_ address: ServiceAddress, path: String, times: Int = 1) -> CommandRequest {
        CommandRequest(
            CurlCommands.probe(address, path: path, times: times, deadline: .seconds(5)),
            deadline: .seconds(7))
    }
}
