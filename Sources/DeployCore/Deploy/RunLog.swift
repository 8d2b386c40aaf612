import FoundationEssentials

/// One JSON line per event, with the deployment's timestamp as correlation id.
struct RunLog: Sendable {
    let files: any FileStore
    let clock: any WallClock
    let path: String
    let deployment: Timestamp

    private struct Line: Codable {
        var at: String
        var deployment: Timestamp
        var event: String
        var position: Int?
        var title: String?
        var text: String?
        var seconds: Double?
    }

    /// Why it could not be written, which never stops a run; nil where it was.
    func write(_ event: RunEvent) -> DeployError? {
        var line = Line(at: UTC.rfc3339(clock.now()), deployment: deployment, event: "")
        switch event {
        case .began(let title, _): (line.event, line.title) = ("began", title)
        case .started(let position, let title):
            (line.event, line.position, line.title) = ("started", position, title)
        case .noted(let position, let text):
            (line.event, line.position, line.text) = ("noted", position, text)
        case .finished(let position, let title, let note, let seconds):
            (line.event, line.position, line.title, line.text, line.seconds) = (
                "finished", position, title, note, seconds
            )
        case .failed(let position, let title, let error, let seconds):
            (line.event, line.position, line.title, line.seconds) = ("failed", position, title, seconds)
            line.text = "\(error.what): \(error.why)"
        case .undoing(let position, let title):
            (line.event, line.position, line.title) = ("undoing", position, title)
        case .undone(let position, let title):
            (line.event, line.position, line.title) = ("undone", position, title)
        case .warned(let text): (line.event, line.text) = ("warned", text)
        case .waiting(let text): (line.event, line.text) = ("waiting", text)
        case .ended(let outcome, let seconds):
            (line.event, line.text, line.seconds) = ("ended", outcome, seconds)
        }
        do throws(DeployError) {
            try files.append(try JSON.text(line), to: path)
            return nil
        } catch { return error }
    }
}
