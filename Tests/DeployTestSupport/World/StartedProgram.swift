import Foundation

/// A program under way.
public final class StartedProgram: @unchecked Sendable {
    private let words: [String]
    public let pid: Int32
    private let prefix: String
    private let began = Date()
    private var run: ProgramRun?

    init(words: [String], pid: Int32, prefix: String) {
        (self.words, self.pid, self.prefix) = (words, pid, prefix)
    }

    public var output: String { (try? String(contentsOfFile: "\(prefix).out", encoding: .utf8)) ?? "" }
    public var errors: String { (try? String(contentsOfFile: "\(prefix).err", encoding: .utf8)) ?? "" }

    /// The run, once it has ended.
    public func ended() -> ProgramRun? {
        if let run { return run }
        var status: Int32 = 0
        guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
        run = finished(status)
        return run
    }

    /// - Throws: when it has not ended by then; it is killed.
    public func wait(upTo deadline: Double = 60) throws -> ProgramRun {
        _ = eventually(within: deadline) { ended() != nil }
        if let run { return run }
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
        throw Unexpected(
            "\(words.joined(separator: " ")) still ran after \(deadline) s\n\(output)\n\(errors)")
    }

    private func finished(_ status: Int32) -> ProgramRun {
        let signal = status & 0x7f
        return ProgramRun(
            words: words, status: signal == 0 ? (status >> 8) & 0xff : -signal, output: output,
            errors: errors,
            seconds: Date().timeIntervalSince(began))
    }

    /// Waits until it has printed this on standard error.
    public func awaitError(_ text: String, within seconds: Double = 30) throws {
        guard eventually(within: seconds, { errors.contains(text) }) else {
            throw Unexpected("\(words.joined(separator: " ")) did not print \(text)\n\(output)\n\(errors)")
        }
    }
}
