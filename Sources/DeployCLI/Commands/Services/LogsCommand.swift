import DeployCore
import FoundationEssentials

extension Verb {
    static let logs = Verb(
        "logs", .look, operands: [.environment, .service.optional],
        summary: "Show what the services write",
        paragraph: "Shows the last lines of one service or of all, and follows them with --follow.",
        examples: [
            "deployctl logs staging backend -f", "deployctl logs production -n 200 --since 2h",
        ],
        flags: [
            .environment, Flag("follow", short: "f", "Keep showing new lines until interrupted"),
            Flag("lines", short: "n", value: .count("N"), "How many of the last lines; default: 100"),
            Flag(
                "since", value: .text("T"), "Only lines since a moment or for a duration such as 2h"),
        ],
        exits: [.invalidDefinition, .notFound, .interrupted],
        body: .inProject(LogsCommand.run))
}

/// What the services write, last lines first shown and then followed.
struct LogsCommand: ProjectCommand {
    let context: CommandContext

    private struct Source {
        let service: String
        let path: String
        var offset: Int64
    }

    func run() throws(DeployError) -> ExitCode {
        let environment = try context.environment()
        let site = context.workspace.site(environment)
        let layout = site.layout
        let names = environment.ownServices.map(\.name)
        site.catchUpLogs()
        if let wanted = context.invocation.service, !names.contains(wanted) {
            throw DeployError(
                .notFound, what: "No service \(wanted) in \(environment.name)",
                why: "known are \(names.joined(separator: ", "))",
                next: "deployctl status \(environment.name)")
        }
        let shown = context.invocation.service.map { [$0] } ?? names
        let since = try context.invocation.text("since").map { text throws(DeployError) in
            try MomentText.date(text, at: context.ports.clock.now(), verb: "logs")
        }
        var sources: [Source] = []
        for name in shown {
            let path = layout.serviceLog(name)
            sources.append(Source(service: name, path: path, offset: context.ports.files.size(of: path) ?? 0))
            let lines = LogTail(files: context.ports.files).last(
                context.invocation.count("lines") ?? 100, of: path)
            print(Self.lines(lines, since: since), of: name, labelled: shown.count > 1)
        }
        if sources.allSatisfy({ $0.offset == 0 }) {
            context.say("Nothing is written to the logs of \(environment.name) yet.\n")
        }
        return context.invocation.has("follow") ? try follow(&sources, labelled: shown.count > 1) : .done
    }

    private func follow(_ sources: inout [Source], labelled: Bool) throws(DeployError) -> ExitCode {
        while context.ports.interruption.requested() == nil {
            context.ports.clock.sleep(for: .milliseconds(200))
            for index in sources.indices {
                let size = context.ports.files.size(of: sources[index].path) ?? 0
                if size < sources[index].offset { sources[index].offset = 0 }
                guard size > sources[index].offset else { continue }
                let count = Int(size - sources[index].offset)
                let data = try context.ports.files.readEnd(of: sources[index].path, bytes: count) ?? Data()
                let whole = data.lastIndex(of: 10).map { data[...$0] } ?? Data()
                sources[index].offset += Int64(whole.count)
                let lines = String(decoding: whole, as: UTF8.self).lines.map(
                    String.init)
                print(lines, of: sources[index].service, labelled: labelled)
            }
        }
        return context.ports.interruption.requested() ?? .interrupted
    }

    private func print(_ lines: [String], of service: String, labelled: Bool) {
        let prefix = labelled ? context.style.dim("\(service) | ") : ""
        let isTerminal = context.streams.output.isTerminal
        context.streams.output.write(
            lines.map { "\(prefix)\(isTerminal ? InertText.line($0) : $0)\n" }.joined())
    }

    /// From the first line on that begins with a time at or after the moment; lines without a time
    /// belong to the one before.
    static func lines(_ lines: [String], since: Date?) -> [String] {
        guard let since else { return lines }
        let first = lines.firstIndex { line in
            let stamp = (line.after("[") ?? line[...]).utf8.prefix(19)
            let text = String(decoding: stamp, as: UTF8.self).replacing(" ", by: "T")
            return UTC.date(rfc3339: "\(text)Z").map { $0 >= since } ?? false
        }
        return first.map { Array(lines[$0...]) } ?? []
    }
}
