import DeployCore
import FoundationEssentials

/// One line per event with the time, for logs and pipes.
enum PlainProgress {
    static func line(_ event: RunEvent, at moment: Date) -> String {
        InertText.block("\(UTC.rfc3339(moment)) \(words(event))").lines.joined(
            separator: "\n    ") + "\n"
    }

    /// Only what must not be missed; `width`: of a terminal.
    static func alarm(_ event: RunEvent, width: Int?) -> String {
        switch event {
        case .warned, .failed:
            Wrap.block(InertText.block("deployctl: \(words(event))"), width: width) + "\n"
        default: ""
        }
    }

    private static func words(_ event: RunEvent) -> String {
        switch event {
        case .began(let title, let steps): "\(title) (\(steps.count) \(steps.count == 1 ? "step" : "steps"))"
        case .started(let position, let title): "\(position). \(title): started"
        case .noted(let position, let text): "\(position). | \(text)"
        case .finished(let position, let title, let note, let seconds):
            "\(position). \(title): done in \(HumanText.duration(seconds))"
                + (note.isEmpty ? "" : ", \(note)")
        case .failed(let position, let title, let error, let seconds):
            "\(position). \(title): failed after \(HumanText.duration(seconds)): \(error.what)"
        case .undoing(let position, let title): "\(position). \(title): undoing"
        case .undone(let position, let title): "\(position). \(title): undone"
        case .warned(let text): "warning: \(text)"
        case .waiting(let text): "waiting for \(text)"
        case .ended(let outcome, let seconds):
            "\(HumanText.outcome(outcome)) in \(HumanText.duration(seconds))"
        }
    }
}
