import DeployTestSupport
import XCTest

@testable import DeployCore

final class OwnToolDefinitionTests: XCTestCase {
    private func load(_ runtime: String, _ more: String = "") throws -> Environment {
        let files = MemoryFileStore()
        files.write("{\"project\": \"shop\", \"runtime\": \(runtime)\(more)}", to: "/e/staging.json")
        return try DefinitionLoader(files: files, folder: "/e").load("staging")
    }

    func testEveryKeyOfTheCommandRuntimeIsRead() throws {
        let environment = try load(
            """
            {"kind": "command", "deploy": ["d", "{release}"], "status": ["s"], "rollback": ["r"], "health": ["h"],
             "stop": ["t"], "logs": ["l"], "timeout": "90s"}
            """)
        var tool = Environment.OwnTool(deploy: ["d", "{release}"], status: ["s"])
        (tool.rollback, tool.health, tool.stop, tool.logs) = (["r"], ["h"], ["t"], ["l"])
        tool.timeout = .seconds(90)
        XCTAssertEqual(environment.runtime, .init(kind: .command, strategy: .ownTool, ownTool: tool))
        XCTAssertEqual(environment.services, [.unnamed])
    }

    /// kubectl's JSONPath, the templates of docker and helm, and a shell's variables have braces of their own.
    func testBracesOfTheToolsLanguagesAreNoSlip() throws {
        for word in [
            "jsonpath={.status.phase}", "{.items[*].metadata.name}", "{@}", "{}", "{$.a}",
            "{\\\"name\\\": 1}",
            "{range .items[*]}{.metadata.name}{'\\n'}{end}", "{{.Status}}", "{{end}}", "{{ json . }}",
            "${HOME}",
            "{a,b}", "{deployment} of {release}, {commit}, {environment}, {previous}",
        ] {
            let text = #"{"kind": "command", "deploy": ["d"], "status": ["s", "\#(word)"]}"#
            XCTAssertNoThrow(try load(text), word)
        }
    }

    func testWhatIsNotSaidHasItsDefault() throws {
        let environment = try load(
            #"{"kind": "command", "deploy": ["d"], "status": ["s"]}"#,
            #", "services": {"web": {"role": "app"}, "worker": {"role": "app"}}"#)
        XCTAssertEqual(environment.runtime.ownTool?.timeout, .seconds(600))
        XCTAssertNil(environment.runtime.ownTool?.rollback)
        XCTAssertEqual(environment.services.map(\.name), ["web", "worker"])
        XCTAssertTrue(environment.services.allSatisfy { $0.listen == .none }, "none listens on this machine")
    }
}
