import FoundationEssentials

/// Counts forbidden texts in what services logged since a deployment began.
struct LogSearch {
    let site: Site

    init(_ site: Site) { self.site = site }

    private var layout: Layout { site.layout }

    /// What was found, and the services whose logs could not be searched as a whole since `positions`.
    func forbidden(_ texts: [String], since positions: [String: LogPosition]) -> (
        lines: [ForbiddenLine], unknown: [String]
    ) {
        var (found, unknown): ([ForbiddenLine], [String]) = ([], [])
        for service in layout.environment.services where service.role == .app {
            let log = LogFiles(ports: site.ports, path: layout.serviceLog(service.name))
            guard let counts = counts(texts, in: log, since: positions[service.name] ?? LogPosition(bytes: 0))
            else {
                unknown.append(service.name)
                continue
            }
            found += texts.compactMap { text in
                counts[text].flatMap {
                    $0 > 0 ? ForbiddenLine(service: service.name, text: text, count: $0) : nil
                }
            }
        }
        return (found, unknown)
    }

    /// Lines that hold each text; nil where some can no longer be read and were not counted either.
    ///
    /// Asked again where something was taken off the log meanwhile, at last with nobody taking anything off.
    private func counts(_ texts: [String], in log: LogFiles, since position: LogPosition) -> [String: Int]? {
        for isLast in [false, false, true] {
            let held = isLast ? lock() : nil
            defer { withExtendedLifetime(held) {} }
            let base = log.base
            let counted = countsNow(texts, in: log, since: position)
            if log.base == base { return counted }
        }
        return nil
    }

    private func lock() -> (any HeldLock)? {
        for _ in 0..<100 {
            if let held = try? LogRotation.lock(site) { return held }
            site.ports.clock.sleep(for: .milliseconds(50))
        }
        return nil
    }

    private func countsNow(_ texts: [String], in log: LogFiles, since position: LogPosition) -> [String: Int]?
    {
        guard let record = try? LogRecord.inForce(of: log.path, site.ports.files) else { return nil }
        var (begin, counted): (LogPosition, [String: Int]) = (position, [:])
        var unfinished: LineTally.Unfinished?
        let known = record.tallies.first { tally in
            tally.begin == position.bytes && texts.allSatisfy { tally.counts[$0] != nil }
        }
        if let known {
            // The record knows that place; what stood before it is gone, or was counted when it was taken off.
            (begin, counted, unfinished) = (LogPosition(bytes: known.end), known.counts, known.unfinished)
        } else if position.bytes < record.kept {
            return nil
        }
        guard let parts = log.written(since: begin) else { return nil }
        var lines = LineTally(texts, after: unfinished)
        for part in parts { guard (try? log.feed(&lines, with: part)) != nil else { return nil } }
        return lines.counts.merging(counted, uniquingKeysWith: +)
    }
}
