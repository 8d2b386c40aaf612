/// Counts what the access log of one environment says that was not counted yet.
struct TrafficCount {
    let site: Site
    let definitions: DeployedDefinitions

    private var state: any StateStore { site.ports.state }
    private var name: String { site.environment.name }

    /// Does nothing while somebody takes something off the log; the next time does it then.
    ///
    /// - Returns: files of the log that were there and could not be read; what they hold is never counted, unless it is
    ///   zstd that is missing.
    func goOn() throws(DeployError) -> [String] {
        let log = LogFiles(ports: site.ports, path: site.layout.accessLog)
        guard site.ports.files.size(of: log.path) != nil,
            let held = try LogRotation.lock(site)
        else { return [] }
        defer { withExtendedLifetime(held) {} }
        let begin = try state.trafficPosition(of: name)
        let end = log.end
        guard begin.map({ $0.bytes != end.bytes || $0.anchor != end.anchor }) ?? true else { return [] }
        // Where the place is lost, what is kept before the file may have been counted.
        let fallback = begin == nil ? log.beginning : LogPosition(bytes: log.base)
        let parts = begin.flatMap(log.written) ?? log.written(since: fallback) ?? []
        let packed = parts.map(\.path).filter { $0.ends(with: ".zst") }
        guard packed.isEmpty || site.ports.commands.has("zstd") else { return packed }
        let now = site.ports.clock.now()
        var tally = AccessTally(at: now)
        var unread: [String] = []
        for part in parts {
            let limit = part.path == log.path ? end.bytes - log.base - part.begin : .max
            do throws(DeployError) {
                try log.read(part, atMost: limit) { tally.feed($0) }
            } catch {
                guard part.path != log.path, error.code == .stepFailed else { throw error }
                unread.append(part.path)
                tally.skip()
            }
        }
        _ = try state.add(tally.traffic, of: name, from: begin, to: end, at: now)
        return unread
    }
}
