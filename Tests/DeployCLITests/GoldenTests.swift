import DeployCLI
import DeployTestSupport
import XCTest

@testable import DeployCore

/// What people and shells see, held fixed; a change here is a change of the interface.
final class GoldenTests: XCTestCase {
    func testOverview() throws { try assertGolden(HelpRenderer().overview(), named: "help.txt") }

    func testHelpOfEachVerb() throws {
        for verb in CommandTable.deployctl.verbs {
            let name = verb.path.joined(separator: "-")
            try assertGolden(HelpRenderer().page(for: verb.path), named: "help-\(name).txt")
        }
    }

    func testHelpOfAGroupOfCommands() throws {
        try assertGolden(HelpRenderer().page(for: ["backup"]), named: "help-backup.txt")
    }

    func testCompletions() throws {
        for shell in CompletionShell.allCases {
            try assertGolden(CompletionRenderer().script(shell), named: "completion.\(shell.rawValue)")
        }
    }

    func testManPage() throws {
        try assertGolden(ManPageRenderer(date: "2026-11-21", version: "1.0.0").page(), named: "deployctl.1")
    }

    func testEveryExitCodeIsInHelpAndManual() throws {
        let overview = try HelpRenderer().page(for: ["codes"])
        let manual = ManPageRenderer(date: "2026-11-21", version: "1.0.0").page()
            .replacingOccurrences(of: "\\-", with: "-")
        for code in ExitCode.allCases {
            let row = overview.split(separator: "\n").first { $0.hasPrefix("  \(code.rawValue) ") }
            let start = code.meaning.prefix(20)
            XCTAssertTrue(row?.contains(start) ?? false, "\(code) is missing in help")
            XCTAssertTrue(
                manual.contains(".B \"\(code.rawValue)\"\n\(start)"), "\(code) is missing in the manual")
        }
    }

    func testHelpFitsEightyColumns() throws {
        for path in [[]] + CommandTable.deployctl.verbs.map(\.path) {
            for line in try HelpRenderer().page(for: path).split(separator: "\n") {
                XCTAssertLessThanOrEqual(line.count, 80, "\(path): \(line)")
            }
        }
    }
}
