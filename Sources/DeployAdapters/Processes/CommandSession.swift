import DeployCore
import FoundationEssentials
import Glibc

/// A program that stays, is given one piece of input after the other and answers each; killed with the last
/// reference.
final class CommandSession {
    private let runner: ProcessCommandRunner
    private let child: RunningCommand
    private var received: [UInt8] = []

    /// The whole session ends at the request's deadline.
    init(_ request: CommandRequest, runner: ProcessCommandRunner) {
        var open = request
        open.input = Data()
        self.runner = runner
        child = runner.start(open)
        child.feed(Data(), last: false)
    }

    deinit {
        child.end()
        pump { false }
    }

    /// Hands over `text`, keeping what the program writes meanwhile.
    func send(_ text: String) {
        child.feed(Data(text.utf8), last: false)
        pump { !child.hasInputLeft }
    }

    /// What the program wrote up to the line `marker`, which must be the last; nil when it ends or the time is over
    /// before.
    func read(upTo marker: String, within limit: Duration) -> String? {
        let end = Array("\(marker)\n".utf8)
        let instant = monotonicNow() + limit.nanoseconds
        pump(until: instant) { received.count >= end.count && received.suffix(end.count).elementsEqual(end) }
        guard received.count >= end.count, received.suffix(end.count).elementsEqual(end) else { return nil }
        defer { received = [] }
        return String(decoding: received.dropLast(end.count), as: UTF8.self)
    }

    /// Hands over the last input and waits for the program's end; its output is what was not read yet.
    func finish(_ text: String = "") -> CommandResult {
        child.feed(Data(text.utf8), last: true)
        pump { false }
        var result = child.result
        result.output = String(decoding: received, as: UTF8.self)
        return result
    }

    /// Why it ended, once it has.
    func failure() -> CommandResult {
        child.end()
        pump { false }
        return child.result
    }

    private func pump(until instant: Int64 = .max, _ done: () -> Bool) {
        while true {
            received.append(contentsOf: child.takeOutput())
            if done() || child.isFinished { return }
            let now = monotonicNow()
            guard now < instant else { return }
            let interrupted = runner.interruption.requested() != nil
            child.advance(now: now, interrupted: interrupted)
            received.append(contentsOf: child.takeOutput())
            if done() || child.isFinished { return }
            let wakeUp = min(instant, child.nextInstant(now: now))
            runner.wait(for: [child], until: wakeUp, now: now, interrupted: interrupted)
        }
    }
}
