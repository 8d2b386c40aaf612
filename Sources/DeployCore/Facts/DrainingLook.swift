import FoundationEssentials

/// An old release that finishes what visitors hold of it.
public struct DrainingLook: Hashable, Sendable {
    public let release: Timestamp
    /// How many connections are open.
    public let connections: Int
    /// When those that are still open then are cut.
    public let until: Date

    /// Oldest first.
    static func all(at site: Site) -> [DrainingLook] {
        site.records.drained.compactMap { id in
            guard let release = site.records.read(id)?.release, let draining = site.records.draining(id)
            else { return nil }
            return DrainingLook(
                release: release, connections: PublicSockets(site: site).connections(to: id),
                until: draining.until)
        }
    }
}
