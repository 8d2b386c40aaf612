/// The logs of one environment that grow for as long as something serves, wherever they lie.
struct KeptLogs {
    let site: Site

    private var files: any FileStore { site.ports.files }
    private var layout: Layout { site.layout }

    /// What services, data services, the edge and the instances' fronts write to, and the output of what the keeper runs.
    var all: [String] {
        let folders = [layout.logs, layout.edge] + instances
        return output
            + folders.flatMap { folder in
                files.names(in: folder)
                    .filter { ($0.ends(with: ".log") || $0.ends(with: ".jsonl")) && !$0.begins(with: ".") }
                    .map { "\(folder)/\($0)" }
            }.filter { files.kind(of: $0) == .file }
    }

    /// Events of the newest runs.
    func runs(_ count: Int) -> [String] {
        files.names(in: layout.toolLogs).filter { $0.before(".jsonl").map(Self.isMoment) == true }
            .sorted().suffix(count).map { "\(layout.toolLogs)/\($0)" }
    }

    /// Who wrote a log, in a word.
    func writer(of log: String) -> String {
        switch Path.parent(log) {
        case layout.logs: "\(Path.name(log).split(at: ".").first ?? "log")"
        case layout.edge: "edge"
        case layout.toolLogs: "deployctl"
        default: "front"
        }
    }

    private static func isMoment(_ text: Substring) -> Bool { Timestamp(digits: String(text)) != nil }

    private var output: [String] {
        files.names(in: layout.toolLogs)
            .filter { ($0.begins(with: "schedule-") && $0.ends(with: ".log")) || $0 == "certificate.log" }
            .map { "\(layout.toolLogs)/\($0)" }
    }

    private var instances: [String] {
        files.names(in: layout.run).filter { Timestamp(digits: $0) != nil }.map(layout.instance)
    }
}
