import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// A pseudo terminal stands in for the person's.
final class TerminalPrompterTests: XCTestCase {
    // TIOCSPTLCK and TIOCGPTN, macros that Swift cannot see.
    private static let setLock: UInt = 0x4004_5431
    private static let getNumber: UInt = 0x8004_5430

    private func makeTerminal() throws -> (person: Int32, terminal: String, input: Int32) {
        let person = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var locked: Int32 = 0
        var number: Int32 = -1
        XCTAssertEqual(ioctl(person, Self.setLock, &locked), 0)
        XCTAssertEqual(ioctl(person, Self.getNumber, &number), 0)
        let name = "/dev/pts/\(number)"
        let input = open(name, O_RDWR | O_NOCTTY)
        XCTAssertGreaterThan(input, 0)
        addTeardownBlock {
            close(person)
            close(input)
        }
        return (person, name, input)
    }

    /// Waits for the question, then types.
    private func answer(_ person: Int32, _ bytes: [UInt8]) {
        // A number of its own: a late thread would type into the terminal of the next test.
        let person = dup(person)
        DispatchQueue.global().async {
            defer { close(person) }
            var seen: [UInt8] = []
            while !seen.contains(UInt8(ascii: "?")) {
                var byte: UInt8 = 0
                guard read(person, &byte, 1) == 1 else { return }
                seen.append(byte)
            }
            write(person, bytes, bytes.count)
        }
    }

    func testReadsOneLineExactlyAsTyped() throws {
        let (person, terminal, input) = try makeTerminal()
        let prompter = TerminalPrompter(
            interruption: FakeInterruption(), terminal: terminal, standardInput: input)
        XCTAssertTrue(prompter.canAsk)
        for line in ["CONFIRM", " CONFIRM ", "", "žluť"] {
            answer(person, Array("\(line)\n".utf8))
            XCTAssertEqual(prompter.ask("Sure?"), line)
        }
    }

    func testForgetsWhatWasTypedBeforeTheQuestion() throws {
        let (person, terminal, input) = try makeTerminal()
        let early = Array("CONFIRM\n".utf8)
        XCTAssertEqual(write(person, early, early.count), early.count)
        var waiting: Int32 = 0
        XCTAssertTrue(eventually { ioctl(input, UInt(FIONREAD), &waiting) == 0 && waiting == 8 })
        answer(person, Array("later\n".utf8))
        let prompter = TerminalPrompter(
            interruption: FakeInterruption(), terminal: terminal, standardInput: input)
        XCTAssertEqual(prompter.ask("Sure?"), "later")
    }

    func testEndOfInputIsNoAnswer() throws {
        let (person, terminal, input) = try makeTerminal()
        answer(person, [4])
        let prompter = TerminalPrompter(
            interruption: FakeInterruption(), terminal: terminal, standardInput: input)
        XCTAssertNil(prompter.ask("Sure?"))
    }

    func testAnInterruptionIsNoAnswer() throws {
        let (_, terminal, input) = try makeTerminal()
        let prompter = TerminalPrompter(
            interruption: SignalWatcher(), terminal: terminal, standardInput: input)
        DispatchQueue.global().asyncAfter(deadline: .now() + 0.1) { kill(getpid(), SIGINT) }
        XCTAssertNil(prompter.ask("Sure?"))
    }

    func testCannotAskWithAPipedInputOrWithoutATerminal() throws {
        let (person, terminal, input) = try makeTerminal()
        answer(person, Array("CONFIRM\n".utf8))
        var pipeEnds: [Int32] = [0, 0]
        XCTAssertEqual(pipe(&pipeEnds), 0)
        defer { for end in pipeEnds { close(end) } }
        let piped = TerminalPrompter(
            interruption: FakeInterruption(), terminal: terminal, standardInput: pipeEnds[0])
        XCTAssertFalse(piped.canAsk)
        XCTAssertNil(piped.ask("Sure?"))
        for path in ["/dev/null", "/no/such/terminal"] {
            let none = TerminalPrompter(
                interruption: FakeInterruption(), terminal: path, standardInput: input)
            XCTAssertFalse(none.canAsk)
            XCTAssertNil(none.ask("Sure?"))
        }
    }
}
