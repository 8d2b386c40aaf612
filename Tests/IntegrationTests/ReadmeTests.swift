import DeployCore
import Foundation
import XCTest

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
        let world = try QuickstartWorld(at: "deployctl/environments/quickstart", isRepository: false)
        addTeardownBlock { world.remove() }
        let place = "\(world.root)/.place"
        try Data("\(world.root)/deployctl\n".utf8).write(to: URL(fileURLWithPath: place))
        let blocks = try blocks()
        XCTAssertGreaterThan(blocks.filter { $0.language == "sh" }.count, 4)

        for block in blocks where block.language == "sh" {
            if let target = Self.recursing[block.text] {
                let answer = try world.run("make", ["-n", "-C", QuickstartWorld.package, target])
                XCTAssertEqual(answer.code, 0, "make \(target): \(answer.errors)")
            } else {
                let script = "cd \"$(cat \(place))\"\n\(world.withOwnPorts(block.text))\npwd > \(place)\n"
                let answer = try world.run("bash", ["-euo", "pipefail", "-c", script])
                XCTAssertEqual(answer.code, 0, "\(block.text)\(answer.output)\(answer.errors)")
                if answer.code != 0 { return }
            }
        }
        for block in blocks where block.language == "console" { try compare(block, in: world, place) }
        for environment in ["staging", "production"] {
            _ = try world.run("bash", ["-c", "cd \"$(cat \(place))\" && deployctl stop \(environment)"])
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
        let answer = try world.run("bash", ["-c", "cd \"$(cat \(place))\" && \(command)"])
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
