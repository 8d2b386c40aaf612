/// Counts what the access log of one environment says that was not counted yet.
struct TrafficCount {
    let site: Site
    let definitions: DeployedDefinitions

    private var state: any StateStore { site.ports.state }
    private var name: String { site.environment.name }

    /// Does nothing while somebody takes something off the log; the next time does it then.
    func goOn() throws(DeployError) {
        let log = LogFiles(ports: site.ports, path: site.layout.accessLog)
        guard site.ports.files.size(of: log.path) != nil,
            let held = try LogRotation.lock(site)
        else { return }
        defer { withExtendedLifetime(held) {} }
        let begin = try state.trafficPosition(of: name)
        let end = log.end
        guard begin.map({ $0.bytes != end.bytes || $0.anchor != end.anchor }) ?? true else { return }
        // Where the place is lost, what is kept before the file may have been counted.
        let fallback = begin == nil ? log.beginning : LogPosition(bytes: log.base)
        let parts = begin.flatMap(log.written) ?? log.written(since: fallback) ?? []
        var tally = AccessTally()
        for part in parts {
            let limit = part.path == log.path ? end.bytes - log.base - part.begin : .max
            try log.read(part, atMost: limit) { tally.feed($0) }
        }
        _ = try state.add(tally.traffic, of: name, from: begin, to: end)
    }
}
