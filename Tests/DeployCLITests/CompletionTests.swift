import DeployCLI
import Foundation
import XCTest

/// The bash script run by bash, as a key press runs it.
final class CompletionTests: XCTestCase {
    func testBashCompletes() throws {
        let project = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: project) }
        try FileManager.default.createDirectory(
            at: project.appendingPathComponent("environments"), withIntermediateDirectories: true)
        for name in ["base", "staging", "production"] {
            try Data("{}".utf8).write(to: project.appendingPathComponent("environments/\(name).json"))
        }
        let cases: [(words: [String], answer: String)] = [
            (["pro"], "production"),
            (["backup", ""], "create list verify copy restore pin unpin prune"),
            (["backup", "create", ""], "production staging"),
            (["audit", ""], "verify production staging"), (["audit", "verify", ""], ""),
            (["logs", "-n", "5", "st"], "staging"),
            (["-n", "history", "st"], "staging"),
            (["rollback", ""], "previous"),
            (["production", "--rel"], "--release"),
            (["--progress", "=", "pl"], "plain"),
            (["completion", ""], "bash zsh fish"),
            (["staging", "--ref", ""], ""),
        ]
        for (words, answer) in cases {
            XCTAssertEqual(
                try complete(["deployctl"] + words, in: project), answer, words.joined(separator: " "))
        }
    }

    private func complete(_ words: [String], in project: URL) throws -> String {
        let script =
            CompletionRenderer().script(.bash)
            + "COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _deployctl; echo \"${COMPREPLY[*]}\"\n"
        let bash = Process()
        bash.executableURL = URL(fileURLWithPath: "/bin/bash")
        bash.arguments = ["--norc", "-c", script, "bash"] + words
        bash.currentDirectoryURL = project
        let output = Pipe()
        bash.standardOutput = output
        try bash.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        bash.waitUntilExit()
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
    }
}
