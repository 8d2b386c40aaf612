import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// The page people begin with does what it says.
final class ReadmeTests: XCTestCase {
    private struct Block {
        let language: String
        let text: String
    }

    /// Blocks that would build this package again are only looked up in the Makefile.
    private static let recursing = [
        "make demo\n": "demo", "make test\n": "test", "make install PREFIX=\"$HOME/.local\"\n": "install",
    ]

    func testEveryBlockRunsInOrder() throws {
        let world = try QuickstartWorld(
            for: self, at: "deployctl/environments/quickstart", isRepository: false)
        let place = "\(world.folder)/.place"
        try Data("\(world.folder)/deployctl\n".utf8).write(to: URL(fileURLWithPath: place))
        let blocks = try blocks()
        XCTAssertGreaterThan(blocks.filter { $0.language == "sh" }.count, 4)

        for block in blocks where block.language == "sh" {
            if let target = Self.recursing[block.text] {
                try world.runProgram(["make", "-n", "-C", QuickstartWorld.package, target]).expect(0)
            } else {
                let script = "cd \"$(cat \(place))\"\n\(world.withOwnPorts(block.text))\npwd > \(place)\n"
                try world.runProgram(["bash", "-euo", "pipefail", "-c", script]).expect(0, block.text)
            }
        }
        for block in blocks where block.language == "console" { try compare(block, in: world, place) }
        for environment in ["staging", "production"] {
            try world.runProgram(["bash", "-c", "cd \"$(cat \(place))\" && deployctl stop \(environment)"])
        }
    }

    func testNoOtherKindOfBlockHidesACommand() throws {
        XCTAssertEqual(Set(try blocks().map(\.language)), ["sh", "console", ""])
    }

    func testItListsEveryExitCode() throws {
        let rows = try text().split(separator: "\n").filter {
            $0.hasPrefix("| ") && $0.dropFirst(2).first?.isNumber == true
        }
        XCTAssertEqual(rows.map(String.init), ExitCode.allCases.map { "| \($0.rawValue) | \($0.meaning) |" })
    }

    func testItsLinksLeadSomewhere() throws {
        let links = try text().matches(of: #/\]\((?<path>[^)]+)\)/#).map { String($0.output.path) }
        XCTAssertGreaterThan(links.count, 4)
        for link in links where !link.hasPrefix("https://") {
            let path = "\(QuickstartWorld.package)/\(link)"
            XCTAssertTrue(FileManager.default.fileExists(atPath: path), link)
        }
    }

    /// A transcript is a command after `$ ` and what it says, names and times aside.
    private func compare(_ block: Block, in world: QuickstartWorld, _ place: String) throws {
        let lines = block.text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        let command = try XCTUnwrap(lines.first).dropFirst(2)
        let answer = try world.runProgram(["bash", "-c", "cd \"$(cat \(place))\" && \(command)"])
        XCTAssertEqual(
            plain(answer.output, world), plain(String(lines[1]), world), "\(command): \(answer.errors)")
    }

    private func plain(_ text: String, _ world: QuickstartWorld) -> String {
        Normaliser(world: world).text(text)
            .replacingOccurrences(of: #"just now|\d+ [a-z]+ ago"#, with: "<age>", options: .regularExpression)
    }

    private func text() throws -> String {
        try String(contentsOfFile: "\(QuickstartWorld.package)/README.md", encoding: .utf8)
    }

    private func blocks() throws -> [Block] {
        try text().matches(of: #/(?m)^```(?<language>\w*)\n(?<text>(?:(?!```).*\n)*)```$/#)
            .map { Block(language: String($0.output.language), text: String($0.output.text)) }
    }
}
