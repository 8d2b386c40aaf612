import DeployCore
import Glibc

/// One question by HTTP from its first connection to its last answer, driven by the runner's loop.
final class RunningQuestion: RunningWork {
    private static let connectAgain: Int64 = 10_000_000

    private let question: HTTPQuestion
    private let limit: Int
    private let deadline: Int64
    private var patience: Int64 = 0
    private var socket: Descriptor?
    private var isConnected = false
    /// When the next try is due where nobody could take the connection yet.
    private var connectsAt: Int64?
    private var unsent: [UInt8] = []
    private var answer: HTTPAnswer
    private var output = ""
    private var left: Int
    private var ending: CommandResult.Ending?

    init(_ question: HTTPQuestion, deadline: Duration, outputLimit: Int) {
        self.question = question
        self.deadline = monotonicNow() + deadline.nanoseconds
        limit = outputLimit / max(1, question.times)
        left = question.times
        answer = HTTPAnswer(keepsBody: false, limit: 0)
        begin()
    }

    var isFinished: Bool { ending != nil }

    var result: CommandResult { CommandResult(ending ?? .interrupted, output: output) }

    var watched: [pollfd] {
        guard let socket, connectsAt == nil else { return [] }
        let events = (isConnected ? POLLIN : 0) | (unsent.isEmpty ? 0 : POLLOUT)
        return [pollfd(fd: socket.number, events: Int16(events), revents: 0)]
    }

    func nextInstant(now: Int64) -> Int64 { min(connectsAt ?? .max, patience, deadline) }

    func advance(now: Int64, interrupted: Bool) {
        guard !isFinished else { return }
        if interrupted {
            finish(.interrupted)
        } else if now >= min(patience, deadline) {
            finish(.unanswered("no whole answer within \(question.patience.components.seconds) s"))
        } else if let connectsAt, now >= connectsAt {
            connect()
        }
    }

    func transfer() {
        guard connectsAt == nil, !isFinished else { return }
        if !isConnected { connect() }
        if isConnected { send() }
        if isConnected { receive() }
    }

    // One question

    private func begin() {
        answer = HTTPAnswer(keepsBody: question.tellsBody, limit: limit)
        unsent = Array(question.text.utf8)
        isConnected = false
        patience = monotonicNow() + question.patience.nanoseconds
        guard let made = LocalSocket.make(question.address.family) else {
            return finish(.unanswered(words()))
        }
        socket = made
        setNonBlocking(made)
        connect()
        if isConnected { send() }
    }

    private func connect() {
        guard let socket else { return }
        connectsAt = nil
        if LocalSocket.connect(socket, to: question.address) || errno == EISCONN {
            isConnected = true
        } else if errno == EAGAIN {
            connectsAt = monotonicNow() + Self.connectAgain
        } else if errno != EINPROGRESS, errno != EALREADY {
            finish(.unanswered(words()))
        }
    }

    private func send() {
        guard let socket, !unsent.isEmpty else { return }
        let count = unsent.withUnsafeBytes { bytes in
            retrying { Glibc.send(socket.number, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)) }
        }
        if count > 0 {
            unsent.removeFirst(count)
        } else if errno != EAGAIN {
            // Whoever listens no longer may have answered already.
            unsent = []
        }
    }

    private func receive() {
        withUnsafeTemporaryAllocation(byteCount: 1 << 14, alignment: 8) { buffer in
            for _ in 0..<16 {
                guard let socket, !isFinished else { return }
                let count = socket.read(into: buffer)
                if count < 0, errno == EAGAIN { return }
                do throws(HTTPAnswer.Fault) {
                    if count > 0 {
                        try answer.take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                    } else if count == 0 {
                        try answer.end()
                    } else {
                        return finish(.unanswered(words()))
                    }
                } catch { return finish(.unanswered(error.reason)) }
                guard answer.isWhole else { continue }
                output += answer.output.text
                left -= 1
                return left > 0 ? begin() : finish(.exited(0))
            }
        }
    }

    private func finish(_ ending: CommandResult.Ending) {
        self.ending = ending
        socket = nil
    }

    private func words() -> String {
        switch errno {
        case ECONNREFUSED: "connection refused"
        case ECONNRESET, EPIPE: "the connection was reset"
        case ENOENT: "its socket is not there"
        case ENAMETOOLONG: "the path of its socket is too long"
        default: Spawn.reason(errno)
        }
    }
}
