import DeployCore
import FoundationEssentials

/// One JSON object per event, for programs that follow a run.
enum JSONProgress {
    private struct Line: Encodable, Sendable {
        let event: String
        let time: Date
        var title: String?
        var steps: [String]?
        var position: Int?
        var text: String?
        var note: String?
        var error: Failure?
        var outcome: String?
        var seconds: Double?
    }

    static func line(_ event: RunEvent, at moment: Date) -> String {
        do throws(DeployError) {
            return try JSONLine.text(value(event, at: moment))
        } catch {
            return ErrorView().json(error)
        }
    }

    private static func value(_ event: RunEvent, at time: Date) -> Line {
        switch event {
        case .began(let title, let steps): Line(event: "began", time: time, title: title, steps: steps)
        case .started(let position, let title):
            Line(event: "started", time: time, title: title, position: position)
        case .noted(let position, let text): Line(event: "noted", time: time, position: position, text: text)
        case .finished(let position, let title, let note, let seconds):
            Line(
                event: "finished", time: time, title: title, position: position, note: note,
                seconds: finite(seconds))
        case .failed(let position, let title, let error, let seconds):
            Line(
                event: "failed", time: time, title: title, position: position, error: Failure(error),
                seconds: finite(seconds))
        case .undoing(let position, let title):
            Line(event: "undoing", time: time, title: title, position: position)
        case .undone(let position, let title):
            Line(event: "undone", time: time, title: title, position: position)
        case .warned(let text): Line(event: "warned", time: time, text: text)
        case .waiting(let text): Line(event: "waiting", time: time, text: text)
        case .ended(let outcome, let seconds):
            Line(event: "ended", time: time, outcome: outcome, seconds: finite(seconds))
        }
    }

    private static func finite(_ seconds: Double) -> Double { seconds.isFinite ? seconds : 0 }
}
