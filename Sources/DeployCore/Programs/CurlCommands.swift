/// Command lines for HTTP probes by curl, and how to read their answer; data only.
enum CurlCommands {
    /// An address as curl is told it.
    struct Place {
        var options: [String] = []
        /// The beginning of the URL, up to the path.
        var origin: String
        /// Where it takes no program to ask; nil: for TLS, and where a plan does not know it yet.
        var plain: ServiceAddress?

        static func socket(_ file: String) -> Place {
            Place(options: ["--unix-socket", file], origin: "http://localhost", plain: .socket(file))
        }
        /// `port` is text, so that a plan can print a port that is not known yet.
        static func port(_ port: String) -> Place {
            Place(origin: "http://127.0.0.1:\(port)", plain: Int(port).map { .port($0) })
        }
        static func tls(_ port: Int) -> Place {
            Place(options: ["--insecure"], origin: "https://127.0.0.1:\(port)")
        }
    }

    /// Asks `path` `times` times; prints the response headers of each answer, and drops the bodies unless it is `telling`.
    ///
    /// Redirects are not followed: an answer must come from the very place that was asked.
    static func probe(
        at place: Place, path: String, headers: [String: String] = [:], times: Int = 1, telling: Bool = false,
        deadline: Duration
    ) -> Command {
        let seconds = max(1, Int(deadline.components.seconds))
        let fixed = [
            "--disable", "--silent", "--show-error", "--globoff", "--noproxy", "*", "--max-time",
            "\(seconds)",
        ]
        let told = headers.sorted { $0.key < $1.key }.flatMap { ["--header", "\($0.key): \($0.value)"] }
        let asked = (0..<times).flatMap { _ in
            ["--output", telling ? "-" : "/dev/null", place.origin + path]
        }
        return Command("curl", fixed + told + place.options + ["--dump-header", "-"] + asked)
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

    /// The one answer of a probe that is telling, and the beginning of its body as one line that can be shown.
    static func answer(_ output: String) -> (answer: Answer, said: String)? {
        var rest = output.split(at: "\n", keepsEmpty: true)[...]
        while let first = rest.first, first.begins(with: "HTTP/") {
            let head = rest.prefix { !$0.trimmed.isEmpty }
            rest = rest.dropFirst(head.count + 1)
            guard let answer = answers(head.joined(separator: "\n")).first else { continue }
            let said = rest.map(\.trimmed).filter { !$0.isEmpty }.joined(separator: " ")
            return (answer, Shown.text(String(said), limit: 300))
        }
        return nil
    }

    /// The response header in which a front names its instance.
    static let instanceHeader = "X-Deployctl-Deployment"
}

extension CommandRequest {
    /// Asks an address whether it answers, and waits for five seconds.
    static func probe(
        at place: CurlCommands.Place, path: String, headers: [String: String] = [:], times: Int = 1,
        telling: Bool = false
    ) -> CommandRequest {
        let patience = Duration.seconds(5)
        var request = CommandRequest(
            CurlCommands.probe(
                at: place, path: path, headers: headers, times: times, telling: telling, deadline: patience),
            deadline: .seconds(7), outputLimit: 64 << 10)
        request.question = place.plain.flatMap {
            HTTPQuestion(
                at: $0, host: String(place.origin.dropFirst("http://".utf8.count)), path: path,
                headers: headers, times: times, tellsBody: telling, patience: patience)
        }
        return request
    }

    /// Asks a service's health path as visitors of its environment would.
    static func health(of service: Service, at place: CurlCommands.Place, in environment: Environment)
        -> CommandRequest
    {
        probe(
            at: place, path: service.health?.path ?? "/",
            headers: VisitorHeaders(environment: environment).headers(for: service), telling: true)
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
