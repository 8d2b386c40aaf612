/// Command lines for HTTP probes by curl, and how to read their answer; data only.
enum CurlCommands {
    /// An address as curl is told it.
    struct Place {
        var options: [String] = []
        /// The beginning of the URL, up to the path.
        var origin: String

        static func socket(_ file: String) -> Place {
            Place(options: ["--unix-socket", file], origin: "http://localhost")
        }
        /// `port` is text, so that a plan can print a port that is not known yet.
        static func port(_ port: String) -> Place { Place(origin: "http://127.0.0.1:\(port)") }
        static func tls(_ port: Int) -> Place {
            Place(options: ["--insecure"], origin: "https://127.0.0.1:\(port)")
        }
    }

    /// Asks `path` `times` times; prints the response headers of each answer, drops the bodies.
    ///
    /// Redirects are not followed: an answer must come from the very place that was asked.
    static func probe(_ address: ServiceAddress, path: String, times: Int = 1, deadline: Duration)
        -> Command
    {
        probe(at: address.place, path: path, times: times, deadline: deadline)
    }

    static func probe(at place: Place, path: String, times: Int = 1, deadline: Duration) -> Command {
        let seconds = max(1, Int(deadline.components.seconds))
        let fixed = ["--silent", "--show-error", "--globoff", "--noproxy", "*", "--max-time", "\(seconds)"]
        let asked = (0..<times).flatMap { _ in ["--output", "/dev/null", place.origin + path] }
        return Command("curl", fixed + place.options + ["--dump-header", "-"] + asked)
    }

    /// One answer of a probe.
    public struct Answer: Hashable, Sendable {
        /// The HTTP status; 0 when the first line names none.
        public var status: Int
        /// Which instance's front sent it.
        var instance: String?

        /// Whether a health path that answers so is well.
        var isGood: Bool { (200..<300).contains(status) }
    }

    /// Reads what `probe` printed.
    static func answers(_ headers: String) -> [Answer] {
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
    static let instanceHeader = "X-Deployctl-Deployment"
}

extension CommandRequest {
    /// Asks an address whether it answers, and waits for five seconds.
    static func probe(_ address: ServiceAddress, path: String, times: Int = 1) -> CommandRequest {
        probe(at: address.place, path: path, times: times)
    }

    static func probe(at place: CurlCommands.Place, path: String, times: Int = 1) -> CommandRequest {
        CommandRequest(
            CurlCommands.probe(at: place, path: path, times: times, deadline: .seconds(5)),
            deadline: .seconds(7))
    }
}

extension ServiceAddress {
    var place: CurlCommands.Place {
        switch self {
        case .socket(let file): .socket(file)
        case .port(let port): .port("\(port)")
        case .tls(let port): .tls(port)
        }
    }
}
