import DeployCore
import FoundationEssentials
import Synchronization

/// Shows a run on standard error while it happens; never stops or slows it by failing.
public final class ProgressView: Sendable {
    private let stream: OutputStreams.Stream
    private let now: @Sendable () -> Date
    private let drawing: Mutex<Drawing>

    private enum Drawing: Sendable {
        case live(LiveProgress)
        case plain
        case json
        case quiet
    }

    /// Takes the process's environment variables.
    ///
    /// With `ticks` the live display redraws by itself; a test calls `tick` instead.
    public init(
        mode: ProgressMode, errors: OutputStreams.Stream, style: Style, variables: [String: String],
        now: @escaping @Sendable () -> Date = { Date() }, ticks: Bool = true
    ) {
        stream = errors
        self.now = now
        let drawing = Self.drawing(mode.resolved(for: errors, variables: variables), style, variables)
        self.drawing = Mutex(drawing)
        if case .live = drawing, ticks { Ticker.begin { [weak self] in self?.tick() != nil } }
    }

    private static func drawing(
        _ mode: ProgressMode, _ style: Style, _ variables: [String: String]
    ) -> Drawing {
        switch mode {
        case .tty, .auto: .live(LiveProgress(style: style, marks: .suited(to: variables)))
        case .plain: .plain
        case .json: .json
        case .quiet: .quiet
        }
    }

    public func consume(_ event: RunEvent) {
        let moment = now()
        drawing.withLock { drawing in
            switch drawing {
            case .live(var live):
                live.size = stream.size()
                stream.write(live.consume(event, at: moment))
                drawing = .live(live)
            case .plain: stream.write(PlainProgress.line(event, at: moment))
            case .json: stream.write(JSONProgress.line(event, at: moment))
            case .quiet:
                let width = stream.isTerminal ? stream.size().columns : nil
                stream.write(PlainProgress.alarm(event, width: width))
            }
        }
    }

    /// Redraws the running step; does nothing in the other modes.
    public func tick() {
        let moment = now()
        drawing.withLock { drawing in
            guard case .live(var live) = drawing else { return }
            live.size = stream.size()
            stream.write(live.tick(at: moment))
            drawing = .live(live)
        }
    }

    /// Takes the live part off the screen, so that a question or an answer can be written below.
    public func pause() {
        drawing.withLock { drawing in
            guard case .live(var live) = drawing else { return }
            stream.write(live.pause())
            drawing = .live(live)
        }
    }
}
