import Foundation
import XCTest

extension ProjectWorld {
    /// Runs deployctl to its end, without a terminal.
    @discardableResult
    public func run(
        _ arguments: String..., input: String? = nil, environment: [String: String] = [:],
        deadline: Double? = nil
    ) throws -> ProgramRun {
        try run(arguments, input: input, environment: environment, deadline: deadline)
    }

    @discardableResult
    public func run(
        _ arguments: [String], input: String? = nil, environment: [String: String] = [:],
        deadline: Double? = nil
    ) throws -> ProgramRun {
        try runProgram([binary] + arguments, input: input, environment: environment, deadline: deadline)
    }

    /// Runs any program in the project's folder.
    @discardableResult
    public func runProgram(
        _ words: [String], input: String? = nil, environment: [String: String] = [:],
        deadline: Double? = nil
    ) throws -> ProgramRun {
        let run = try start(words, input: input, environment: environment).wait(upTo: deadline ?? patience)
        if words.first == binary { judgeNextSteps(of: run) }
        return run
    }

    /// Whatever a run tells a person to do next can be typed.
    private func judgeNextSteps(of run: ProgramRun) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(project)/environments")) ?? []
        let environments = Set(names.map { String($0.prefix { $0 != "." }) })
        for fault in NextSteps.faults(in: run.errors, environments: environments) {
            XCTFail("\(run.words.dropFirst().joined(separator: " ")): \(fault)")
        }
    }

    /// Starts a program and returns at once; what it prints goes to files, so that no service can keep it open.
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
            words: words, directory: project, environment: surroundings(environment),
            streams: .files(
                input: input == nil ? nil : ends[0], output: "\(prefix).out", errors: "\(prefix).err")
        ).start()
        return StartedProgram(words: words, pid: pid, prefix: prefix)
    }

    /// Starts deployctl as a person does.
    public func runOnTerminal(_ arguments: String..., environment: [String: String] = [:]) throws
        -> TerminalRun
    {
        try runOnTerminal(arguments, columns: 0, environment: ["NO_COLOR": "1"].merging(environment) { $1 })
    }

    /// In colour unless the environment has NO_COLOR.
    ///
    /// `columns`: of the terminal; 0 where it does not say.
    public func runOnTerminal(
        _ arguments: [String], columns: Int, environment: [String: String] = [:]
    ) throws -> TerminalRun {
        try TerminalRun(
            [binary] + arguments, directory: project, environment: surroundings(environment),
            columns: columns)
    }

    /// Nothing of the tester's own surroundings but the way to the programs.
    private func surroundings(_ more: [String: String]) -> [String: String] {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let usual = [
            "PATH": "\((binary as NSString).deletingLastPathComponent):\(path):/usr/sbin:/sbin",
            "HOME": folder, "LANG": "C.UTF-8", "TERM": "xterm", "USER": "ada",
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Deploy",
            "GIT_AUTHOR_EMAIL": "deploy@example.org", "GIT_COMMITTER_NAME": "Deploy",
            "GIT_COMMITTER_EMAIL": "deploy@example.org",
        ]
        return usual.merging(variables) { $1 }.merging(more) { $1 }
    }
}
