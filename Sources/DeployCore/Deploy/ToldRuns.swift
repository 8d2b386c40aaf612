import FoundationEssentials

/// Runs of which only their own log tells: an earlier version wrote no record of them.
struct ToldRuns {
    let files: any FileStore
    let layout: Layout

    private struct Line: Decodable {
        var at: String
        var event: String
        var title: String?
        var text: String?
    }

    private static let ending = ".jsonl"

    /// Oldest first: those that came to their end, but the known ones.
    func read(besides known: Set<Timestamp>) -> [RecordedRun] {
        names.filter { !known.contains($0) }.compactMap(read)
    }

    /// Of every run that left a log, oldest first.
    var names: [Timestamp] {
        files.names(in: layout.toolLogs)
            .compactMap { $0.before(Self.ending).flatMap { Timestamp(digits: String($0)) } }.sorted()
    }

    private func read(_ run: Timestamp) -> RecordedRun? {
        let path = layout.runLog(run)
        guard let head = lines((try? files.read(path, from: 0, limit: 4096)) ?? nil).first,
            head.event == "began", let title = head.title,
            let last = lines((try? files.readEnd(of: path, bytes: 4096)) ?? nil).last, last.event == "ended",
            let outcome = last.text.flatMap(Deployment.Outcome.init(rawValue:)),
            let start = UTC.date(rfc3339: head.at), let end = UTC.date(rfc3339: last.at),
            let (kind, release) = Self.understood(title, in: layout.environment.name)
        else { return nil }
        return RecordedRun(
            told: Deployment(
                sequence: 0, timestamp: run, environment: layout.environment.name, kind: kind,
                release: release, commit: nil, outcome: outcome, performer: "unknown",
                trigger: .other("unknown"),
                reason: nil, planID: "", error: nil, startedAt: start, finishedAt: end))
    }

    private func lines(_ data: Data?) -> [Line] {
        String(decoding: data ?? Data(), as: UTF8.self).lines.compactMap {
            try? JSONDecoder().decode(Line.self, from: Data(String($0).utf8))
        }
    }

    /// What a run's title says: `Deploy release 20261121021530 to staging`.
    private static func understood(
        _ title: String, in environment: String
    ) -> (Deployment.Kind, Timestamp?)? {
        for kind in Deployment.Kind.allCases {
            guard let rest = title.after("\(kind.phrase) "),
                let middle = String(rest).before("\(kind.preposition) \(environment)")
            else { continue }
            if middle.isEmpty { return kind.movesRelease ? nil : (kind, nil) }
            guard let digits = String(middle).after("release ").flatMap({ String($0).before(" ") }),
                let release = Timestamp(digits: String(digits))
            else { continue }
            return (kind, release)
        }
        return nil
    }
}
