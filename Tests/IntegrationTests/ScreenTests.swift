import DeployTestSupport
import Foundation
import XCTest

/// What people read fits their terminal: no word is broken, and nothing is cut that a wide one shows.
final class ScreenTests: XCTestCase {
    private func words(_ text: String) -> Set<String> {
        let plain = text.replacing(#/\u{1B}\[[0-9;]*m/#, with: "").replacing(#/[0-9]{14}/#, with: "T")
        return Set(plain.split { $0 == " " || $0 == "\n" }.map(String.init))
    }

    func testNoWordIsBrokenOrLostAtAnyWidthInColourOrWithout() throws {
        let world = try DeployctlFixture(for: self)
        try world.run("staging").expect(0)
        for verb in [
            ["status"], ["history"], ["gates"], ["plan", "production"], ["doctor"], ["help", "logs"],
            ["help"],
        ] {
            let whole = words(try world.run(verb).output)
            for columns in [40, 80, 200] {
                for colour in [[:], ["NO_COLOR": "1"]] {
                    let text = try world.runOnTerminal(verb, columns: columns, environment: colour).wait()
                        .output
                    if !colour.isEmpty { XCTAssertFalse(text.contains("\u{1B}"), "\(verb) \(columns)") }
                    let plain = text.replacing(#/\u{1B}\[[0-9;]*m/#, with: "")
                    for line in plain.split(separator: "\n") where line.count > columns {
                        // A path or a command may be longer than the terminal, a sentence not.
                        let spoken = line.split(separator: " ").count
                        XCTAssertEqual(spoken, 1, "\(verb) at \(columns): \(line)")
                    }
                    let strange = words(text).subtracting(whole).filter { $0.count > 24 }
                    XCTAssertEqual(strange, [], "\(verb) at \(columns)")
                }
            }
        }
    }

    func testAWatchedStatusIsDrawnAnewAsSoonAsTheTerminalIsResized() throws {
        let world = try DeployctlFixture(for: self)
        try world.run("staging").expect(0)
        let terminal = try world.runOnTerminal(["status", "--watch"], columns: 100)
        try terminal.await("promotion")
        var drawings = 0
        // Long before the next look by itself, in one of several turns however busy the machine is.
        let isPrompt = (0..<5).contains { turn in
            guard terminal.awaitDrawings(drawings + 1, within: 20) else { return false }
            Thread.sleep(forTimeInterval: 0.3)
            drawings = terminal.drawings
            terminal.resize(to: turn % 2 == 0 ? 50 : 100)
            return terminal.awaitDrawings(drawings + 1, within: 1)
        }
        terminal.interrupt()
        _ = try terminal.wait()
        XCTAssertTrue(isPrompt)
    }
}
