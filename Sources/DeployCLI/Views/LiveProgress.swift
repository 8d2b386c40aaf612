import DeployCore
import FoundationEssentials

/// The live display: finished steps stay, the running one and those to come are redrawn below them.
///
/// The cursor is never hidden, so there is nothing to restore when the process is killed.
struct LiveProgress: Sendable {
    let style: Style
    let marks: ProgressMarks
    var size: (columns: Int, rows: Int) = (80, 24)
    private var steps: [String] = []
    private var running: (position: Int, title: String, since: Date, undoing: Bool)?
    private var note = ""
    private var frame = 0
    private var drawn = 0
    private var paused = false
    /// Positions that were taken back, in that order; told as one line.
    private var undone: [Int] = []

    init(style: Style, marks: ProgressMarks) {
        self.style = style
        self.marks = marks
    }

    mutating func consume(_ event: RunEvent, at moment: Date) -> String {
        paused = false
        let kept = takeBackLine(before: event) + permanent(event, at: moment)
        return erase() + kept.map { $0 + "\n" }.joined() + region(at: moment)
    }

    mutating func tick(at moment: Date) -> String {
        guard running != nil, !paused else { return "" }
        frame += 1
        return erase() + region(at: moment)
    }

    mutating func pause() -> String {
        paused = true
        return erase()
    }

    /// Updates what is known and returns the lines that stay on the screen.
    private mutating func permanent(_ event: RunEvent, at moment: Date) -> [String] {
        switch event {
        case .began(let title, let steps):
            self.steps = steps
            return [style.bold(fit(InertText.line(title)))]
        case .started(let position, let title): begin(position, title, moment, undoing: false)
        case .undoing(let position, let title): begin(position, title, moment, undoing: true)
        case .noted(_, let text): note = InertText.line(text)
        case .finished(let position, let title, let note, let seconds):
            running = nil
            return ended(
                style.good, marks.finished, position, title, InertText.line(note), HumanText.duration(seconds)
            )
        case .failed(let position, let title, let error, let seconds):
            running = nil
            return ended(
                style.bad, marks.failed, position, title, InertText.line(error.what),
                HumanText.duration(seconds), isLoud: true)
        case .undone(let position, _):
            running = nil
            undone.append(position)
        case .warned(let text): return wrapped("warning: \(InertText.line(text))").map(style.warning)
        case .waiting(let text): return wrapped("waiting for \(InertText.line(text))").map(style.warning)
        case .ended(let outcome, let seconds):
            running = nil
            steps = []
            return [
                style.bold(
                    fit("\(InertText.line(HumanText.outcome(outcome))) in \(HumanText.duration(seconds))"))
            ]
        }
        return []
    }

    /// What was taken back, once something else happens.
    private mutating func takeBackLine(before event: RunEvent) -> [String] {
        switch event {
        case .undoing, .undone: return []
        default: break
        }
        guard let first = undone.first, let last = undone.last else { return [] }
        undone = []
        let steps = first == last ? "step \(first)" : "steps \(first) to \(last)"
        return [style.warning(fit("\(marks.undone) undone: \(steps)"))]
    }

    /// The time stands at the right; a note that does not fit before it gets a line of its own.
    private func ended(
        _ colour: (String) -> String, _ mark: String, _ position: Int, _ title: String, _ note: String,
        _ time: String, isLoud: Bool = false
    ) -> [String] {
        func told(_ text: String) -> String { isLoud ? text : style.dim(text) }
        let room = max(1, size.columns - 1)
        let head = "\(mark) \(padded(position)) \(InertText.line(title))"
        let left = room - DisplayWidth.of(time) - 2
        guard left > 4 else { return [line(colour, mark, position, title, time)] }
        let fits = !note.isEmpty && DisplayWidth.of(head) + 2 + DisplayWidth.of(note) <= left
        let shown = DisplayWidth.cut(head, to: left, mark: marks.cut)
        let row = fits ? shown + told("  \(note)") : shown
        let used = DisplayWidth.of(shown) + (fits ? DisplayWidth.of(note) + 2 : 0)
        let gap = String(repeating: " ", count: left - used + 2)
        let first = colour(mark) + row.dropFirst(mark.count) + style.dim("\(gap)\(time)")
        return [first] + (note.isEmpty || fits ? [] : [told(fit("     \(note)"))])
    }

    private func wrapped(_ text: String) -> [String] {
        Wrap.lines(text, width: max(1, size.columns - 1)).map(fit)
    }

    private mutating func begin(_ position: Int, _ title: String, _ moment: Date, undoing: Bool) {
        running = (position, title, moment, undoing)
        note = ""
    }

    private mutating func erase() -> String {
        defer { drawn = 0 }
        return drawn == 0 ? "" : "\r\u{1B}[\(drawn)A\u{1B}[J"
    }

    private mutating func region(at moment: Date) -> String {
        guard let running else { return "" }
        let spinner = marks.spinner[frame % marks.spinner.count]
        let elapsed = HumanText.duration(max(0, moment.timeIntervalSince(running.since)).rounded(.down))
        let details = running.undoing ? "undoing, \(elapsed)" : elapsed
        var lines = [line(style.bold, spinner, running.position, running.title, details)]
        if !note.isEmpty { lines.append(style.dim(fit("       \(note)"))) }
        if !running.undoing {
            let room = max(0, size.rows - lines.count - 2)
            for (offset, title) in steps.enumerated().dropFirst(running.position).prefix(room) {
                lines.append(style.dim(fit("  \(padded(offset + 1)) \(InertText.line(title))")))
            }
        }
        drawn = lines.count
        return lines.map { $0 + "\n" }.joined()
    }

    private func line(
        _ colour: (String) -> String, _ mark: String, _ position: Int, _ title: String, _ details: String
    ) -> String {
        let head = "\(mark) \(padded(position)) \(InertText.line(title))"
        let text = fit("\(head)  \(InertText.line(details))")
        let said = text.dropFirst(head.count)
        return colour(String(text.prefix(1))) + text.prefix(head.count).dropFirst()
            + (said.isEmpty ? said : Substring(style.dim(String(said))))
    }

    private func padded(_ position: Int) -> String { position < 10 ? " \(position)" : "\(position)" }

    /// One column stays free, because some terminals wrap when the last one is written.
    private func fit(_ text: String) -> String {
        DisplayWidth.cut(text, to: max(1, size.columns - 1), mark: marks.cut)
    }
}
