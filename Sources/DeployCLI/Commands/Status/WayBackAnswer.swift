import DeployCore

/// What going back would cost, in `status --json`.
struct WayBackAnswer: Encodable, Sendable {
    let release: Timestamp
    /// null where the data would stay as it is.
    @OrNull var backup: Timestamp?
    /// null where nothing like it was ever done.
    @OrNull var seconds: Double?
    /// What of the data would be lost; null where nothing would.
    @OrNull var loses: String?
    let undoes: [String]
    /// Why it is not the release before it in line; null where it is.
    @OrNull var passed: String?
    let sentence: String

    init(_ way: PricedReturn) {
        (release, backup) = (way.release, way.backup)
        seconds = way.seconds.map { ($0 * 10).rounded() / 10 }
        (loses, undoes, passed, sentence) = (way.loses, way.undoes, way.passed, way.sentence)
    }
}
