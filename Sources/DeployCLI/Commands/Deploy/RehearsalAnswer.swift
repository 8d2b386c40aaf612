import DeployCore

/// What a rehearsal measured, as part of the plan it tried.
struct RehearsalAnswer: Encodable, Sendable {
    /// The run's own name in the history.
    let timestamp: Timestamp
    let release: Timestamp
    /// What the release was started on: `backup`, `copy` of the live data, `fresh` or `none`.
    let data: String
    @OrNull var backup: Timestamp?
    /// Restoring or copying, and comparing.
    @OrNull var restoreSeconds: Double?
    /// From the start of the release to its second good answer.
    let healthySeconds: Double
    let seconds: Double
    let sentence: String

    enum CodingKeys: String, CodingKey {
        case timestamp, release, data, backup, restoreSeconds, healthySeconds, seconds
    }

    init(_ rehearsal: Rehearsal) {
        timestamp = rehearsal.timestamp
        release = rehearsal.release
        data = rehearsal.data.name
        if case .backup(let used) = rehearsal.data { backup = used.timestamp } else { backup = nil }
        restoreSeconds = rehearsal.restoreSeconds.map(Self.rounded)
        healthySeconds = Self.rounded(rehearsal.healthySeconds)
        seconds = Self.rounded(rehearsal.seconds)
        sentence = Self.sentence(rehearsal)
    }

    private static func rounded(_ seconds: Double) -> Double { (seconds * 100).rounded() / 100 }

    private static func sentence(_ rehearsal: Rehearsal) -> String {
        let took = rehearsal.restoreSeconds.map(HumanText.duration) ?? ""
        let data =
            switch rehearsal.data {
            case .backup(let backup): "backup \(backup.timestamp) restored in \(took), every table equal, "
            case .copy: "live data copied in \(took), every table equal, "
            case .fresh: "fresh database made in \(took), "
            case .none: ""
            }
        let place = rehearsal.data == .none ? "" : " on it"
        return "Rehearsed: \(data)release \(rehearsal.release) healthy\(place)"
            + " in \(HumanText.duration(rehearsal.healthySeconds)). Nothing of it is left."
    }
}
