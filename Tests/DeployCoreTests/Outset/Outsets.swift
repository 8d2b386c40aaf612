import DeployTestSupport
import Foundation

@testable import DeployCore

/// A project in memory, and what is begun in it.
struct OutsetWorld {
    let machine = SimulatedMachine()
    let project = "/srv/shop"

    init(_ files: [String: String] = [:]) {
        for (path, text) in files { machine.files.write(text, to: "\(project)/\(path)") }
    }

    /// With the first release of an application of `Tests/Applications`.
    init(application: String) throws {
        self.init()
        let folder = "\(ProjectWorld.package)/Tests/Applications/\(application)/one"
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(path)") else { continue }
            machine.files.write(data, to: "\(project)/\(path)")
        }
    }

    var outset: Outset { Outset(machine.ports(), project: project, definitions: "\(project)/environments") }

    /// As `init --yes` does it.
    @discardableResult
    func begin(_ adjust: (inout OutsetAnswers) -> Void = { _ in }) throws -> Outset.Findings {
        let findings = try outset.look()
        var answers = findings.usual
        adjust(&answers)
        try outset.write(try outset.files(findings, answers))
        return findings
    }

    func load(_ name: String) throws -> Environment {
        try DefinitionLoader(files: machine.files, folder: "\(project)/environments").load(name)
    }

    func text(_ path: String) throws -> String {
        String(decoding: try machine.files.read("\(project)/\(path)") ?? Data(), as: UTF8.self)
    }
}
