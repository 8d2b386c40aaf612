import Foundation
import XCTest

/// How a program ended and what it printed.
public struct ProgramRun: Sendable {
    public let words: [String]
    /// The exit status; the negated signal when one ended it.
    public let status: Int32
    public let output: String
    public let errors: String
    public let seconds: Double

    /// The run itself when it ended so; otherwise everything it said.
    @discardableResult
    public func expect(_ wanted: Int32, _ claim: String = "") throws -> ProgramRun {
        guard status == wanted else {
            throw Unexpected(
                "\(claim.isEmpty ? "" : "\(claim): ")\(words.joined(separator: " ")) ended with \(status) instead of \(wanted)\n"
                    + "\(output)\n\(errors)")
        }
        return self
    }

    public func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(type, from: Data(output.utf8))
        } catch {
            throw Unexpected("\(words.joined(separator: " ")): \(error)\n\(output)\n\(errors)")
        }
    }
}

extension DeployctlFixture {
    /// Runs deployctl to its end, without a terminal.
    @discardableResult
    public func run(
        _ arguments: String..., input: String? = nil, environment: [String: String] = [:],
        deadline: Double = 60
    ) throws -> ProgramRun {
        try runProgram([binary] + arguments, input: input, environment: environment, deadline: deadline)
    }

    /// Runs any program in the project's folder.
    public func runProgram(
        _ words: [String], input: String? = nil, environment: [String: String] = [:], deadline: Double = 60
    ) throws -> ProgramRun {
        try start(words, input: input, environment: environment).wait(upTo: deadline)
    }

    /// Starts a program and returns at once; what it prints goes to files.
    public func start(
        _ words: [String], input: String? = nil, environment: [String: String] = [:]
    ) throws -> StartedProgram {
        let prefix = "\(folder)/run\(nextRun())"
        var ends: [Int32] = [-1, -1]
        if let input {
            guard pipe(&ends) == 0 else { throw Unexpected("no pipe: errno \(errno)") }
            _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
            _ = input.withCString { Glibc.write(ends[1], $0, strlen($0)) }
            close(ends[1])
        }
        defer { if ends[0] >= 0 { close(ends[0]) } }
        let pid = try SpawnedChild(
            words: words, directory: project, environment: variables(environment),
            streams: .files(
                input: input == nil ? nil : ends[0], output: "\(prefix).out", errors: "\(prefix).err")
        ).start()
        return StartedProgram(words: words, pid: pid, prefix: prefix)
    }

    /// Nothing of the tester's own surroundings but the way to the programs.
    func variables(_ more: [String: String]) -> [String: String] {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        var variables = [
            "PATH": "\(path):/usr/sbin:/sbin", "HOME": folder, "LANG": "C.UTF-8", "TERM": "xterm",
            "USER": "ada",
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Deploy",
            "GIT_AUTHOR_EMAIL": "deploy@example.com", "GIT_COMMITTER_NAME": "Deploy",
            "GIT_COMMITTER_EMAIL": "deploy@example.com",
        ]
        variables.merge(more) { _, new in new }
        return variables
    }
}

/// A program under way.
public struct StartedProgram: Sendable {
    let words: [String]
    public let pid: Int32
    let prefix: String
    let began = Date()

    public var output: String { (try? String(contentsOfFile: "\(prefix).out", encoding: .utf8)) ?? "" }
    public var errors: String { (try? String(contentsOfFile: "\(prefix).err", encoding: .utf8)) ?? "" }

    /// The run, once it has ended.
    public func ended() -> ProgramRun? {
        var status: Int32 = 0
        guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
        return finished(status)
    }

    /// - Throws: when it has not ended by then; it is killed.
    public func wait(upTo deadline: Double = 60) throws -> ProgramRun {
        var run: ProgramRun?
        _ = eventually(within: deadline) {
            run = ended()
            return run != nil
        }
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
