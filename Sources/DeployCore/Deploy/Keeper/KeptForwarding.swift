import FoundationEssentials

/// Has what is logged handed on, as long as a definition asks for it.
final class KeptForwarding {
    private let pace = LogForwarding.Pace()
    private var pause = Rest()
    /// While it lasts nobody says again which lines were missed.
    private var silence = Rest()
    private var missed: Set<String> = []

    /// How often it hands on, and after which time where lines were not taken, in seconds.
    private static let (usual, afterFailure) = (1.0, 30.0)

    func look(at site: Site, telling tell: (KeeperEvent) -> Void) throws(DeployError) {
        let now = site.ports.clock.now()
        guard pause.isOver(at: now) else { return }
        pause.begin(Self.afterFailure, at: now)
        missed.formUnion(try LogForwarding(site: site, pace: pace).turn())
        pause.begin(Self.usual, at: now)
        guard !missed.isEmpty, silence.isOver(at: now) else { return }
        silence.begin(60, at: now)
        for log in missed.sorted() { tell(.missed(environment: site.environment.name, log: log)) }
        missed = []
    }
}
