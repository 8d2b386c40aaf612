import DeployTestSupport
import Foundation
import XCTest

/// The machine's own container engine.
enum ContainerEngine {
    /// Skips where there is no engine with these images; fails there when everything is required.
    static func require(_ images: String...) throws {
        let questions = [["compose", "version"]] + images.map { ["image", "inspect", $0] }
        guard try questions.allSatisfy({ try quietly(["docker"] + $0) == 0 }) else {
            throw lacking("container engine with Compose, \(images.joined(separator: " and "))")
        }
    }

    /// The exit code of a program whose words nobody wants.
    static func quietly(_ words: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}

extension ProjectWorld {
    /// What docker prints; a failure ends the test.
    @discardableResult
    func docker(_ words: [String]) throws -> String {
        try runProgram(["docker"] + words).expect(0).output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Ids of the project's containers with these labels.
    func containers(of project: String, _ labels: [String], running: Bool = false) throws -> [String] {
        let filters = (["project=\(project)"] + labels).flatMap { ["--filter", "label=deployctl.\($0)"] }
        let list = ["ps", "-q", "--no-trunc"] + (running ? [] : ["--all"]) + filters
        return try docker(list).split(separator: "\n").map(String.init)
    }

    /// Takes away every container, network, volume and image of a project.
    func removeFromEngine(_ project: String) {
        let labelled = ["--filter", "label=deployctl.project=\(project)"]
        discard(["ps", "-aq"] + labelled, by: ["rm", "-f", "-v"])
        discard(["network", "ls", "-q"] + labelled, by: ["network", "rm"])
        discard(["volume", "ls", "-q"] + labelled, by: ["volume", "rm"])
        discard(
            ["image", "ls", "-q", "--filter", "reference=\(project)-*"], by: ["image", "rm", "-f"])
    }

    private func discard(_ list: [String], by remove: [String]) {
        let found = Set(((try? docker(list)) ?? "").split(separator: "\n").map(String.init))
        if !found.isEmpty { _ = try? runProgram(["docker"] + remove + found.sorted()) }
    }
}
