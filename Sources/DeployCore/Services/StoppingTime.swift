/// How long services may take to end once they were asked to.
struct StoppingTime {
    /// Of the environment.
    let drain: Duration
    /// Whether the time for what visitors hold has passed, and nobody holds anything any more.
    let isOver: Bool

    /// What a service still does that has lost its visitors.
    private static let farewell = Duration.seconds(2)

    /// Its own where its definition has one; one without visitors may finish its work.
    func limit(of service: RunningService) -> Duration {
        if let own = service.stop?.timeout { return own }
        return isOver && service.address != nil ? min(drain, Self.farewell) : drain
    }
}
