import Foundation
import XCTest

/// Three container engines in one swarm, of which the first manages it.
///
/// `DEPLOYCTL_TEST_SWARM` names the program that makes it: `up 3`, which leaves one that is there alone, `env`, which prints
/// `TB_SWARM_NODE1=` to `3`, the addresses of the engines, `exec N CMD...`, which runs something in a machine's network,
/// `kill N`, `start N` and `down`.
public struct ThrowawaySwarm: Sendable {
    /// The addresses of the engines.
    public let engines: [String]
    private let program: String

    public init() throws {
        guard let program = ProcessInfo.processInfo.environment["DEPLOYCTL_TEST_SWARM"] else {
            throw lacking("program that makes swarms, named by DEPLOYCTL_TEST_SWARM")
        }
        self.program = program
        try expectEqual(Self.begin([program, "up", "3"]), 0, "a swarm is made")
        let lines = try Self.run([program, "env"]).output.split(separator: "\n")
        engines = lines.compactMap { line in
            let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
            return parts.count == 2 && ["1", "2", "3"].map { "TB_SWARM_NODE\($0)" }.contains(parts[0])
                ? parts[1] : nil
        }
        try expectEqual(engines.count, 3, "it has three engines")
    }

    /// What a question to one of the engines prints; counted from 1.
    @discardableResult
    public func docker(_ engine: Int, _ words: String...) throws -> String { try docker(engine, words) }

    @discardableResult
    public func docker(_ engine: Int, _ words: [String]) throws -> String {
        let run = try Self.run(["docker", "--host", engines[engine - 1]] + words)
        try expectEqual(run.status, 0, "docker \(words.joined(separator: " "))")
        return run.output
    }

    /// Has this thread, and whatever it starts from now on, stand in the network of a machine.
    public func enter(_ engine: Int) throws -> NetworkStanding {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program, "exec", "\(engine)", "sh", "-c", "echo $$; exec sleep 60"]
        let pipe = Pipe()
        (process.standardInput, process.standardOutput) = (FileHandle.nullDevice, pipe)
        process.standardError = FileHandle.nullDevice
        try process.run()
        let said = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        guard let pid = Int32(said.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw Unexpected("no program runs on machine \(engine): \(said)")
        }
        defer { Foundation.kill(pid, SIGKILL) }
        return try NetworkStanding(of: pid)
    }

    /// Ends every process of a machine at once.
    public func kill(_ engine: Int) throws { try call("kill", "\(engine)") }
    public func start(_ engine: Int) throws { try call("start", "\(engine)") }

    /// Ends and removes the one there is.
    public static func remove() {
        guard let program = ProcessInfo.processInfo.environment["DEPLOYCTL_TEST_SWARM"] else { return }
        _ = try? begin([program, "down"])
    }

    private func call(_ words: String...) throws {
        try expectEqual(Self.begin([program] + words), 0, words.joined(separator: " "))
    }

    /// Engines that it starts would keep open, for as long as they live, what they were given: then it would never end for who waits.
    private static func begin(_ words: [String]) throws -> Int32 {
        let closing = "for f in /proc/$$/fd/*; do f=${f##*/}; [ $f -gt 2 ] && eval \"exec $f>&-\"; done"
        return try run(
            ["bash", "-c", "\(closing); exec timeout 300 \"$@\" >/dev/null 2>&1 </dev/null", "bash"] + words
        ).status
    }

    private static func run(_ words: [String]) throws -> (status: Int32, output: String) {
        try ThrowawayServer.run(words)
    }
}
