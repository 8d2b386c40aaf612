/// What a run says while it goes; the only input of progress, log and notification.
///
/// Positions count from one, as people do.
public enum RunEvent: Sendable {
    case began(title: String, steps: [String])
    case started(position: Int, title: String)
    /// A line of progress inside a step.
    case noted(position: Int, text: String)
    case finished(position: Int, title: String, note: String, seconds: Double)
    case failed(position: Int, title: String, error: DeployError, seconds: Double)
    case undoing(position: Int, title: String)
    case undone(position: Int, title: String)
    case warned(String)
    /// Another run is waited for; in words.
    case waiting(String)
    case ended(outcome: String, seconds: Double)
}
