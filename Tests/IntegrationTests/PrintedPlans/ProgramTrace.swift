import DeployTestSupport
import Foundation

@testable import DeployCore

/// The programs a run of deployctl started itself, as the kernel was asked to; what those started in turn is left out.
struct ProgramTrace {
    struct Program {
        let command: Command
        let at: Date
    }

    /// In the order they were started.
    let programs: [Program]

    /// The words that trace `words` into this folder.
    ///
    /// The tracer stays behind the services, beside which the run ends as it always does.
    static func traced(_ words: [String], into folder: String) throws -> [String] {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let calls = "execve,clone,clone3,vfork,fork"
        return [
            "strace", "-D", "-ff", "--seccomp-bpf", "-ttt", "-xx", "-s", "4096", "-e", "trace=\(calls)", "-o",
            "\(folder)/trace",
        ] + words
    }

    /// Reads what a traced run left; `binary` is the program that was traced.
    init(in folder: String, of binary: String) throws {
        var files: [String: [Substring]] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
            files[String(name.drop { $0 != "." }.dropFirst())] = text.split(separator: "\n")
        }
        func first(_ pid: String) -> Program? {
            files[pid]?.first { $0.contains(" execve(") }.flatMap(Self.program)
        }
        guard let root = files.keys.first(where: { first($0)?.command.program == binary }) else {
            throw Unexpected("the trace in \(folder) does not begin with \(binary)")
        }
        var (own, children): ([String], [String]) = ([root], [])
        var seen = 0
        while seen < own.count {
            for line in files[own[seen]] ?? [] where line.contains("clone") || line.contains("fork(") {
                guard let pid = line.components(separatedBy: " = ").last, Int(pid) != nil else { continue }
                if line.contains("CLONE_THREAD") { own.append(pid) } else { children.append(pid) }
            }
            seen += 1
        }
        programs = children.compactMap(first).sorted { $0.at < $1.at }
    }

    /// The arguments of one call.
    private static func program(_ line: Substring) -> Program? {
        guard let open = line.firstIndex(of: "["), let close = line.lastIndex(of: "]"), open < close,
            let seconds = Double(line.prefix { $0 != " " })
        else { return nil }
        let words = line[open..<close].split(separator: "\"").filter { $0.hasPrefix("\\x") }.map(text)
        return Command(vector: words).map { Program(command: $0, at: Date(timeIntervalSince1970: seconds)) }
    }

    private static func text(_ escaped: Substring) -> String {
        String(
            decoding: escaped.components(separatedBy: "\\x").compactMap { UInt8($0, radix: 16) },
            as: UTF8.self)
    }
}
