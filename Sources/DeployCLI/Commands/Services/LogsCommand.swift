import DeployCore
import FoundationEssentials

extension Verb {
    static let logs = Verb(
        "logs", .look, operands: [.environment, .service.optional],
        summary: "Show what the services write",
        paragraph: """
            Shows the last lines of one service or of all, and follows them with --follow. What was taken off a log that \
            grew too large is read on in its pieces. With --json each line is an object with "service" and "line". With \
            --access it shows the requests at the public ports instead, each a line of JSON. With --request it follows \
            one request: what the edge wrote of it, which names the release and the service that answered, and each line \
            in which a service names its X-Request-Id.
            """,
        examples: [
            "deployctl logs staging backend -f", "deployctl logs production -n 200 --since 2h",
            "deployctl logs production --previous --grep ERROR", "deployctl logs production --access -f",
            "deployctl logs production --request 4f9c1a",
        ],
        flags: [
            .environment, Flag("follow", short: "f", "Keep showing new lines until interrupted"),
            Flag("lines", short: "n", value: .count("N"), "How many of the last lines; default: 100"),
            Flag(
                "since", value: .text("T"), "Only lines since a moment or for a duration such as 2h"),
            Flag("grep", value: .text("TEXT"), "Only lines that hold a text, as it is typed"),
            Flag("previous", "What was written while the release before this one served"),
            Flag("access", "Show the requests at the public ports instead")
                .ruled("contradicts --previous", because: "releases do not divide what visitors ask") {
                    !$0.has("previous")
                }
                .ruled(
                    "contradicts SERVICE", because: "visitors ask the front, and each line names the service"
                ) {
                    $0.service == nil
                },
            Flag("request", value: .text("ID"), "Only what the edge and the services wrote of one request")
                .ruled("contradicts --previous", because: "a request is looked for in all that is kept") {
                    !$0.has("previous")
                }
                .ruled("contradicts --access", because: "what the edge wrote of it is shown anyway") {
                    !$0.has("access")
                },
        ],
        exits: [.invalidDefinition, .notFound, .interrupted],
        body: .inProject(LogsCommand.run))
}

/// What the services write, last lines first shown and then followed.
struct LogsCommand: ProjectCommand {
    let context: CommandContext

    private struct Source {
        let service: String
        var reader: LogReader
    }

    /// One line with `--json`.
    private struct Answer: Encodable {
        let service: String
        let line: String
    }

    func run() throws(DeployError) -> ExitCode {
        let environment = try context.environment()
        let site = context.workspace.site(environment)
        if let lines = try site.ownToolLogs() { return try show(lines) }
        let names = environment.ownServices.map(\.name)
        let wanted = context.invocation.service.map { name in
            environment.ownServices.filter { $0.name == name || $0.definedName == name }.map(\.name)
        }
        site.catchUpLogs()
        if let unknown = context.invocation.service, wanted?.isEmpty == true {
            throw DeployError(
                .notFound, what: "No service \(unknown) in \(environment.name)",
                why: "known are \(names.joined(separator: ", "))",
                next: "deployctl status \(environment.name)")
        }
        let request = try context.invocation.text("request").map { text throws(DeployError) in
            try RequestTrace(text)
        }
        let access = [(name: "access", path: site.layout.accessLog)]
        let services = (wanted ?? names).map { (name: $0, path: site.layout.serviceLog($0)) }
        let logs = context.invocation.has("access") ? access : (request == nil ? [] : access) + services
        let isWanted: (String) -> Bool = { fits($0) && request?.holds($0) != false }
        let since = try context.invocation.text("since").map { text throws(DeployError) in
            try MomentText.date(text, at: context.ports.clock.now(), verb: "logs")
        }
        var sources = logs.map { name, path in Source(service: name, reader: LogReader(site, log: path)) }
        let count = context.invocation.count("lines") ?? (since == nil ? 100 : Self.most)
        var shown = 0
        for source in sources {
            let lines =
                context.invocation.has("previous")
                ? try linesBefore(source, site).filter(isWanted).suffix(count)
                : source.reader.last(count, where: isWanted)[...]
            let recent = Self.lines(Array(lines), since: since)
            shown += recent.count
            try print(recent, of: source.service, labelled: logs.count > 1)
        }
        if let request, shown == 0, !context.invocation.has("follow") {
            throw request.notFound(in: environment.name)
        }
        if !context.wantsJSON, sources.allSatisfy(\.reader.isEmpty) {
            context.say("Nothing is written to the logs of \(environment.name) yet.\n")
        }
        return context.invocation.has("follow")
            ? try follow(&sources, labelled: logs.count > 1, where: isWanted) : .done
    }

    /// The last lines of a tool that keeps all logs in one, wherever that is.
    private func show(_ lines: [String]) throws(DeployError) -> ExitCode {
        let invocation = context.invocation
        let others = ["follow", "since", "previous", "access", "request"].filter(invocation.has)
        guard others.isEmpty, invocation.service == nil else {
            throw DeployError(
                .usage, what: "The project's own tool keeps these logs",
                why:
                    "only its last lines can be shown, without \(others.first.map { "--\($0)" } ?? "SERVICE")",
                next: "leave it out, or ask the tool itself")
        }
        let shown = lines.filter(fits).suffix(invocation.count("lines") ?? 100)
        try print(Array(shown), of: Service.unnamed.name, labelled: false)
        return .done
    }

    /// What the service wrote while the release before served.
    private func linesBefore(_ source: Source, _ site: Site) throws(DeployError) -> [String] {
        let moves = try context.ports.state.releaseMoves(of: site.environment.name, limit: 2)
        guard moves.count == 2 else {
            throw DeployError(
                .notFound, what: "No release served \(site.environment.name) before this one",
                why: "it was deployed \(moves.isEmpty ? "never" : "once")",
                next: "deployctl logs \(site.environment.name)")
        }
        guard let end = try context.ports.state.logPositions(of: moves[0].timestamp)[source.service],
            let begin = try context.ports.state.logPositions(of: moves[1].timestamp)[source.service],
            let lines = source.reader.lines(from: begin, to: end)
        else {
            throw DeployError(
                .notFound, what: "What \(source.service) wrote before is no longer there",
                why: "logs are kept as \"logs\" of the definition says, or somebody else rotated them",
                next: "deployctl logs \(site.environment.name) \(source.service)")
        }
        return lines
    }

    private func fits(_ line: String) -> Bool {
        context.invocation.text("grep").map { line.cut(at: $0) != nil } ?? true
    }

    private func follow(
        _ sources: inout [Source], labelled: Bool, where fits: (String) -> Bool
    ) throws(DeployError) -> ExitCode {
        while context.ports.interruption.requested() == nil {
            context.ports.clock.sleep(for: .milliseconds(200))
            for index in sources.indices {
                let lines = try sources[index].reader.newLines().filter(fits)
                try print(lines, of: sources[index].service, labelled: labelled)
            }
        }
        return context.ports.interruption.requested() ?? .interrupted
    }

    /// Lines that are looked through for those since a moment.
    private static let most = 200_000

    private func print(_ lines: [String], of service: String, labelled: Bool) throws(DeployError) {
        if context.wantsJSON {
            let answers = try lines.map { line throws(DeployError) in
                try JSONLine.text(Answer(service: service, line: line))
            }
            return context.streams.output.write(answers.joined())
        }
        let prefix = labelled ? context.style.dim("\(service) | ") : ""
        let isTerminal = context.streams.output.isTerminal
        context.streams.output.write(
            lines.map { "\(prefix)\(isTerminal ? InertText.line($0) : $0)\n" }.joined())
    }

    /// All but the older lines at the beginning: from the first one on that may be of the moment or later.
    ///
    /// A line without a time belongs to the one before, or may be of any time. A time that names no zone may be that of
    /// this machine's or UTC; `zone`: seconds by which this machine's is ahead. Clocks that were set back hide nothing.
    static func lines(_ lines: [String], since: Date?, zone: Int = TimeZone.current.secondsFromGMT())
        -> [String]
    {
        guard let since else { return lines }
        var first = 0
        for (index, line) in lines.enumerated() {
            guard let time = latest(line, zone: zone) else {
                if index == 0 { return lines }
                continue
            }
            guard time < since else { return Array(lines[first...]) }
            first = index + 1
            while first < lines.count, latest(lines[first], zone: zone) == nil { first += 1 }
        }
        return Array(lines[first...])
    }

    /// The latest moment that the time at a line's beginning may mean; nil where there is none.
    private static func latest(_ line: String, zone: Int) -> Date? {
        let rest = line.after("[") ?? line.after("{\"time\":\"") ?? line[...]
        let text = String(decoding: rest.utf8.prefix(19), as: UTF8.self).replacing(" ", by: "T")
        guard let time = UTC.date(rfc3339: "\(text)Z") else { return nil }
        let after = rest.utf8.dropFirst(19).drop {
            $0.isDigit || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",")
        }
        switch after.first {
        case UInt8(ascii: "Z"): return time
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            let digits = String(decoding: after.dropFirst().filter(\.isDigit).prefix(4), as: UTF8.self)
            guard digits.utf8.count == 4, let number = Int(digits) else { return time + 12 * 3600 }
            let offset = Double(number / 100 * 3600 + number % 100 * 60)
            return after.first == UInt8(ascii: "+") ? time - offset : time + offset
        default: return max(time, time - Double(zone))
        }
    }
}
