import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

final class ProcessCommandRunnerTests: XCTestCase {
    private let runner = ProcessCommandRunner(interruption: FakeInterruption())

    private func shell(_ script: String, _ change: (inout CommandRequest) -> Void = { _ in }) -> CommandResult
    {
        var request = CommandRequest(Command("/bin/sh", ["-c", script]))
        change(&request)
        return runner.run(request)
    }

    func testGivesStatusAndBothStreams() {
        XCTAssertEqual(
            shell("echo out; echo err >&2; exit 7"),
            CommandResult(.exited(7), output: "out\n", errors: "err\n"))
        XCTAssertTrue(shell("true").succeeded)
    }

    func testNamesTheSignalThatEndedTheChild() {
        XCTAssertEqual(shell("kill -TERM $$").ending, .signalled(SIGTERM))
    }

    func testKillsTheWholeGroupAtTheDeadline() throws {
        let folder = try makeTestFolder()
        let began = Date()
        let result = shell("sleep 60 & echo $! > \(folder)/pid; trap '' TERM; wait; sleep 60") {
            $0.deadline = .milliseconds(300)
        }
        XCTAssertEqual(result.ending, .timedOut)
        XCTAssertLessThan(Date().timeIntervalSince(began), 30, "half of what it would sleep")
        let text = try String(contentsOfFile: "\(folder)/pid", encoding: .utf8)
        let grandchild = try XCTUnwrap(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        XCTAssertTrue(eventually { LinuxProcessTable().identity(of: grandchild) == nil })
    }

    func testSaysWhyAProgramWasNotStarted() throws {
        let folder = try makeTestFolder()
        try Data("x".utf8).write(to: URL(fileURLWithPath: "\(folder)/plain"))
        let reasons = [
            Command("no-such-program-here"): "no-such-program-here is not installed",
            Command("/no/such/file"): "there is no file /no/such/file",
            Command("\(folder)/plain"): "\(folder)/plain is not executable",
        ]
        for (command, reason) in reasons {
            for diesWithParent in [false, true] {
                let request = CommandRequest(command, diesWithParent: diesWithParent)
                XCTAssertEqual(runner.run(request).ending, .notStarted(reason))
            }
        }
        let request = CommandRequest(Command("true"), in: "\(folder)/none")
        XCTAssertEqual(runner.run(request).ending, .notStarted("there is no folder \(folder)/none"))
    }

    func testRunsARelativeProgramOfItsWorkingFolder() throws {
        let folder = try makeTestFolder()
        try Data("#!/bin/sh\npwd\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/tool"))
        chmod("\(folder)/tool", 0o700)
        let result = runner.run(CommandRequest(Command("./tool"), in: folder))
        XCTAssertEqual(result, CommandResult(.exited(0), output: "\(folder)\n"))
    }

    func testKeepsBeginningAndEndOfBigOutput() {
        let script = """
            i=0; echo first; echo first >&2
            head -c 10000000 /dev/zero | tr '\\0' a; head -c 10000000 /dev/zero | tr '\\0' b >&2
            echo last; echo last >&2
            """
        let result = shell(script) { $0.outputLimit = 10_000 }
        XCTAssertEqual(result.ending, .exited(0))
        for text in [result.output, result.errors] {
            XCTAssertTrue(text.hasPrefix("first\n"))
            XCTAssertTrue(text.hasSuffix("last\n"))
            let left = text.firstMatch(of: #/\n\[(?<bytes>[0-9]+) bytes left out\]\n/#)
            let kept = text.utf8.count - (left?.output.0.utf8.count ?? 0)
            XCTAssertEqual(left.flatMap { Int($0.output.bytes) }.map { $0 + kept }, 10_000_011)
            XCTAssertLessThan(text.utf8.count, 10_100)
        }
    }

    func testKeepsOutputWithinTheLimitWhole() {
        let result = shell("head -c 5000 /dev/zero | tr '\\0' a") { $0.outputLimit = 5000 }
        XCTAssertEqual(result.output, String(repeating: "a", count: 5000))
    }

    func testGivesInputAndEndsIt() {
        let big = Data((0..<3_000_000).map { UInt8($0 % 10 + 48) })
        let result = shell("cat") {
            $0.input = big
            $0.outputLimit = 4_000_000
        }
        XCTAssertEqual(result.output, String(decoding: big, as: UTF8.self))
        XCTAssertEqual(shell("cat").output, "", "without input a child reads nothing")
        let empty = shell("cat") { ($0.input, $0.deadline) = (Data(), .seconds(5)) }
        XCTAssertEqual(empty.ending, .exited(0), "an empty input ends too")
    }

    func testSurvivesAChildThatDoesNotReadItsInput() {
        XCTAssertEqual(shell("exit 3") { $0.input = Data(count: 1_000_000) }.ending, .exited(3))
        XCTAssertEqual(
            shell("exec <&-; sleep 0.1; exit 4") { $0.input = Data(count: 1_000_000) }.ending, .exited(4))
    }

    func testDoesNotWaitForAGrandchildThatHoldsThePipe() {
        let began = Date()
        let result = shell("sleep 60 & echo $!")
        XCTAssertEqual(result.ending, .exited(0))
        XCTAssertLessThan(Date().timeIntervalSince(began), 30, "half of what the daemon sleeps")
        let grandchild = Int32(result.output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
        XCTAssertGreaterThan(grandchild, 1)
        XCTAssertNotNil(LinuxProcessTable().identity(of: grandchild), "a daemon it started lives on")
        if grandchild > 1 { kill(grandchild, SIGKILL) }
    }

    func testRunsFiftyTogetherInOrder() {
        let began = Date()
        let requests = (0..<50).map {
            CommandRequest(Command("/bin/sh", ["-c", "sleep 0.4; echo \($0); exit \($0)"]))
        }
        let results = runner.runTogether(requests)
        XCTAssertEqual(results, (0..<50).map { CommandResult(.exited($0), output: "\($0)\n") })
        XCTAssertLessThan(Date().timeIntervalSince(began), 10, "one after the other takes twenty seconds")
    }

    func testRunsMoreTogetherThanOneWaveHolds() {
        let requests = (0..<70).map { CommandRequest(Command("/bin/sh", ["-c", "echo \($0)"])) }
        XCTAssertEqual(runner.runTogether(requests).map(\.output), (0..<70).map { "\($0)\n" })
        XCTAssertEqual(runner.runTogether([]), [])
    }

    func testADeadlineOfOneDoesNotEndTheOthers() {
        var slow = CommandRequest(Command("sleep", ["30"]))
        slow.deadline = .milliseconds(100)
        let results = runner.runTogether([
            slow, CommandRequest(Command("/bin/sh", ["-c", "sleep 0.5; echo done"])),
        ])
        XCTAssertEqual(results.map(\.ending), [.timedOut, .exited(0)])
        XCTAssertEqual(results.last?.output, "done\n")
    }

    func testWithholdsTheEnvironmentExceptTheAllowedNames() {
        setenv("DEPLOYCTL_TEST_PASSWORD", "hidden", 1)
        setenv("LC_TEST", "shown", 1)
        let engine = ["HOST", "CONTEXT", "CONFIG", "CERT_PATH", "TLS_VERIFY"].map { "DOCKER_\($0)" }
        let unset = engine.filter { getenv($0) == nil }
        for name in unset { setenv(name, "asked", 1) }
        defer {
            for name in unset { unsetenv(name) }
            unsetenv("DEPLOYCTL_TEST_PASSWORD")
            unsetenv("LC_TEST")
        }
        let lines = shell("env") { $0.environment = ["GIVEN": "a b=c", "TERM": "replaced"] }.output.split(
            separator: "\n")
        XCTAssertTrue(lines.contains("LC_TEST=shown"))
        for name in engine { XCTAssertTrue(lines.contains { $0.hasPrefix("\(name)=") }, name) }
        XCTAssertTrue(lines.contains("GIVEN=a b=c"))
        XCTAssertEqual(lines.filter { $0.hasPrefix("TERM=") }, ["TERM=replaced"])
        XCTAssertTrue(lines.contains { $0.hasPrefix("PATH=") })
        XCTAssertFalse(lines.contains { $0.contains("hidden") })
    }

    func testAChildInheritsNoDescriptor() throws {
        let leaked = open("/dev/null", O_RDONLY)
        XCTAssertGreaterThan(leaked, 2)
        defer { close(leaked) }
        let results = runner.runTogether(
            (0..<3).map { _ in CommandRequest(Command("ls", ["/proc/self/fd"])) })
        // The fourth is the folder that ls itself lists.
        XCTAssertEqual(results.map(\.output), Array(repeating: "0\n1\n2\n3\n", count: 3))
    }

    func testAChildHasDefaultSignalsAndAGroupOfItsOwn() {
        let result = shell("grep -E '^Sig(Blk|Ign)' /proc/self/status; ps -o pgid= -p $$; echo $$")
        let lines = result.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        XCTAssertEqual(lines.prefix(2), ["SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000"])
        XCTAssertEqual(lines.count, 4)
        XCTAssertEqual(lines.dropFirst(2).first, lines.last)
    }

    func testAnInterruptionEndsTheGroupAndRefusesTheNext() {
        let interruption = FakeInterruption()
        interruption.interrupt(atQuestion: 3)
        let runner = ProcessCommandRunner(interruption: interruption)
        let request = CommandRequest(
            Command("/bin/sh", ["-c", "trap 'echo ended; exit 0' TERM; echo on; sleep 30 & wait"]))
        let began = Date()
        let result = runner.run(request)
        XCTAssertEqual(result.ending, .interrupted)
        XCTAssertLessThan(Date().timeIntervalSince(began), 15, "half of what it would sleep")
        XCTAssertEqual(runner.run(request), CommandResult(.interrupted), "nothing is started after it")
        interruption.shield()
        XCTAssertTrue(runner.run(CommandRequest(Command("true"))).succeeded, "undoing runs commands again")
    }

    func testAMutatingChildDiesWithTheThreadThatStartedIt() throws {
        let script =
            "import ctypes,struct\nb=ctypes.c_int()\nctypes.CDLL(None).prctl(2,ctypes.byref(b))\nprint(b.value)"
        for (dies, signal) in [(true, "9\n"), (false, "0\n")] {
            let request = CommandRequest(Command("python3", ["-c", script]), diesWithParent: dies)
            XCTAssertEqual(runner.run(request).output, signal)
        }
    }
}
