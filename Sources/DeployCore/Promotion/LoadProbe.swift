/// Many requests by one curl, and their times.
enum LoadProbe {
    static func request(
        _ slo: Environment.SLO, at address: ServiceAddress, visitor: [String: String] = [:]
    ) -> CommandRequest {
        var arguments = [
            "--disable", "--silent", "--noproxy", "*", "--parallel", "--parallel-immediate", "--parallel-max",
            "\(slo.concurrency)", "--max-time", "30", "--output", "/dev/null", "--write-out",
            "%{http_code} %{time_total}\\n",
        ]
        arguments += visitor.sorted { $0.key < $1.key }.flatMap { ["--header", "\($0.key): \($0.value)"] }
        let origin: String
        switch address {
        case .socket(let file):
            arguments += ["--unix-socket", file]
            origin = "http://localhost"
        case .port(let port): origin = "http://127.0.0.1:\(port)"
        case .tls(let port):
            arguments.append("--insecure")
            origin = "https://127.0.0.1:\(port)"
        }
        // A range in the fragment, which is not sent, repeats the same request.
        arguments.append("\(origin)\(slo.path)#[1-\(slo.requests)]")
        return CommandRequest(
            Command("curl", arguments), deadline: .seconds(300), outputLimit: slo.requests * 40 + 4096)
    }

    /// nil when fewer requests ended than were asked for.
    static func measurement(_ result: CommandResult, _ slo: Environment.SLO) -> LoadMeasurement? {
        guard case .exited = result.ending else { return nil }
        var times: [Double] = []
        var failed = 0
        for line in result.output.lines {
            let words = line.split(at: " ")
            guard words.count == 2, let status = Int(words[0]), let seconds = Double(words[1]) else {
                return nil
            }
            times.append(seconds)
            if !(200..<400).contains(status) { failed += 1 }
        }
        guard times.count == slo.requests else { return nil }
        times.sort()
        return LoadMeasurement(
            requests: times.count, failed: failed, p95: times[(times.count * 95 + 99) / 100 - 1])
    }
}
