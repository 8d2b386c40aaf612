import DeployTestSupport
import Foundation
import XCTest

@testable import DeployAdapters
@testable import DeployCore

/// Questions by plain HTTP that take no program, held against what curl makes of the same answers.
final class QuestionTests: XCTestCase {
    private let table = LinuxProcessTable()

    /// Sends each visitor the bytes of a file, in as many parts as it is told, and keeps what was asked.
    private static let server = """
        import socket, sys, time
        place, answer, asked, parts, stays = sys.argv[1:]
        content = open(answer, "rb").read()
        if place.isdigit():
            listener = socket.create_server(("127.0.0.1", int(place)))
        else:
            listener = socket.socket(socket.AF_UNIX); listener.bind(place); listener.listen()
        print("ready", flush=True)
        kept = []
        while True:
            visitor, _ = listener.accept()
            head = b""
            while not head.endswith(b"\\r\\n\\r\\n"):
                part = visitor.recv(65536)
                if not part: break
                head += part
            open(asked, "ab").write(head)
            size = max(1, -(-len(content) // int(parts)))
            try:
                for at in range(0, len(content), size):
                    visitor.sendall(content[at:at + size])
                    if int(parts) > 1: time.sleep(0.01)
            except OSError:
                pass
            if stays == "stays": kept.append(visitor)
            else: visitor.close()
        """

    private struct Door {
        let address: ServiceAddress
        let asked: String
    }

    /// Where `answer` is heard.
    private func door(
        _ answer: [UInt8], atPort: Bool = false, parts: Int = 1, stays: Bool = false
    ) throws -> Door {
        let folder = try makeTestFolder()
        let address: ServiceAddress = atPort ? .port(try table.freePort()) : .socket("\(folder)/door.sock")
        let place = if case .port(let port) = address { "\(port)" } else { "\(folder)/door.sock" }
        try Data(answer).write(to: URL(fileURLWithPath: "\(folder)/answer"))
        try Self.server.write(toFile: "\(folder)/server.py", atomically: false, encoding: .utf8)
        let launch = ServiceLaunch(
            command: Command(
                "python3",
                [
                    "-IS", "\(folder)/server.py", place, "\(folder)/answer", "\(folder)/asked", "\(parts)",
                    stays ? "stays" : "ends",
                ]), directory: folder, environment: [:], log: "\(folder)/log")
        let process = try table.start(launch)
        let table = table
        addTeardownBlock { table.signal(process, .kill) }
        try expect(eventually { FileManager.default.contents(atPath: "\(folder)/log")?.isEmpty == false }, "")
        return Door(address: address, asked: "\(folder)/asked")
    }

    private func text(_ lines: String...) -> [UInt8] { Array(lines.joined(separator: "\r\n").utf8) }

    private func request(_ address: ServiceAddress, telling: Bool = true, times: Int = 1) -> CommandRequest {
        .probe(
            at: address.place, path: "/health?deep=1",
            headers: ["Host": "shop.example", "X-Asked": "yes", "connection": "keep-alive"],
            times: times, telling: telling)
    }

    private let runner = ProcessCommandRunner(interruption: FakeInterruption())

    /// The same by the program.
    private func byCurl(_ request: CommandRequest) -> CommandResult {
        var request = request
        request.question = nil
        return runner.run(request)
    }

    func testWholeAnswersAreTakenAsCurlTakesThem() throws {
        let answers: [[UInt8]] = [
            text("HTTP/1.1 200 OK", "Content-Length: 5", "", "hello and more than it promised"),
            text("HTTP/1.1 200 OK", "X-Deployctl-Deployment: 20261130120000", "", "until the end"),
            text(
                "HTTP/1.1 503 Unavailable", "Transfer-Encoding: chunked", "", "3;a=b", "not", "5", " now!",
                "0", "", ""),
            text("HTTP/1.1 100 Continue", "", "HTTP/1.1 204 No Content", "", ""),
            text("HTTP/1.0 404 Not Found", "content-length: 0", "", ""),
            Array("HTTP/1.1 200 OK\nContent-Length: 2\n\nok".utf8),
        ]
        for answer in answers {
            for (atPort, parts) in [(false, 1), (true, 7), (false, answer.count)] {
                let door = try door(answer, atPort: atPort, parts: parts)
                let asked = request(door.address)
                XCTAssertNotNil(asked.question)
                let (ours, theirs) = (runner.run(asked), byCurl(asked))
                XCTAssertEqual(ours, theirs, String(decoding: answer, as: UTF8.self))
                XCTAssertEqual(ours.ending, .exited(0))
            }
        }
    }

    func testTheQuestionIsWrittenAsItIs() throws {
        let door = try door(text("HTTP/1.1 200 OK", "Content-Length: 2", "", "ok"))
        let result = runner.run(request(door.address, telling: false, times: 3))
        XCTAssertEqual(CurlCommands.answers(result.output).map(\.status), [200, 200, 200])
        XCTAssertFalse(result.output.contains("ok"), result.output)
        let asked = try String(contentsOfFile: door.asked, encoding: .utf8)
        let question = """
            GET /health?deep=1 HTTP/1.1\r
            Accept: */*\r
            Connection: close\r
            Host: shop.example\r
            User-Agent: deployctl\r
            X-Asked: yes\r
            \r

            """
        XCTAssertEqual(asked, String(repeating: question, count: 3))
    }

    func testWhatIsNoWholeAnswerIsSaid() throws {
        let halfHead = text("HTTP/1.1 200 OK", "Content-Le")
        let cases: [([UInt8], String)] = [
            ([], "the connection ended without an answer"),
            (text("HTTP/1.1 200 OK", "Content-Length: 50", "", "hello"), "the answer broke off"),
            (halfHead, "the answer broke off"),
            (text("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "5", "he"), "the answer broke off"),
            (
                text("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "five", ""),
                "the answer's chunks cannot be read"
            ),
            (text("HTTP/1.1 200 OK", "Content-Length: -1", "", ""), "the answer's length cannot be read"),
            (text("SSH-2.0-OpenSSH_9.2", ""), "what answers does not speak HTTP"),
            (
                text("HTTP/1.1 200 OK", "X: " + String(repeating: "x", count: 70_000), "", ""),
                "its head has more than 64 KiB"
            ),
        ]
        for (answer, reason) in cases {
            let door = try door(answer)
            let asked = request(door.address)
            XCTAssertEqual(runner.run(asked).ending, .unanswered(reason))
            XCTAssertEqual(runner.run(asked).explanation, reason)
            // It is content with half a head, and with one of this length.
            guard answer.count < 60_000, answer != halfHead else { continue }
            XCTAssertFalse(byCurl(asked).succeeded, reason)
        }
    }

    func testWhoIsNotThereIsSaid() throws {
        let folder = try makeTestFolder()
        let port = try table.freePort()
        for (address, reason) in [
            (ServiceAddress.port(port), "connection refused"),
            (.socket("\(folder)/none.sock"), "its socket is not there"),
            (
                .socket("\(folder)/" + String(repeating: "x", count: 120)),
                "the path of its socket is too long"
            ),
        ] {
            XCTAssertEqual(runner.run(request(address)).ending, .unanswered(reason))
        }
    }

    func testAnAnswerThatDoesNotEndIsNotWaitedForWithoutEnd() throws {
        let door = try door(text("HTTP/1.1 200 OK", "", "and then"), stays: true)
        var asked = request(door.address)
        asked.deadline = .milliseconds(300)
        XCTAssertEqual(runner.run(asked).ending, .unanswered("no whole answer within 5 s"))
        // One that has promised its length has ended, whatever becomes of the connection.
        let polite = try self.door(text("HTTP/1.1 200 OK", "Content-Length: 2", "", "ok"), stays: true)
        XCTAssertEqual(runner.run(request(polite.address)).ending, .exited(0))
    }

    func testQuestionsAreAskedAtOnce() throws {
        let doors = try (0..<8).map { _ in
            try door(text("HTTP/1.1 200 OK", "Content-Length: 2", "", "ok"), parts: 40)
        }
        let results = runner.runTogether(doors.map { request($0.address) })
        XCTAssertEqual(results.map(\.ending), Array(repeating: .exited(0), count: 8))
    }

    func testAPersonWhoInterruptsIsHeard() throws {
        let door = try door(text("HTTP/1.1 200 OK", "", "and then"), parts: 20, stays: true)
        let interruption = FakeInterruption()
        interruption.interrupt(atQuestion: 4)
        let asked = request(door.address)
        XCTAssertEqual(ProcessCommandRunner(interruption: interruption).run(asked).ending, .interrupted)
    }

    func testWhatCannotBeWrittenAsItIsTakesTheProgram() {
        for path in ["/a/../b", "/a#b", "/a b", "/ä", "/a\r\nX: y"] {
            XCTAssertNil(CommandRequest.probe(at: .socket("/s"), path: path).question, path)
        }
        XCTAssertNil(CommandRequest.probe(at: .socket("/s"), path: "/", headers: ["A": "b\r\nC: d"]).question)
        XCTAssertNil(CommandRequest.probe(at: .tls(443), path: "/").question)
        XCTAssertNil(CommandRequest.probe(at: .port("{port}"), path: "/").question)
        var placed = CommandRequest.probe(at: .socket("/s"), path: "/")
        XCTAssertNotNil(placed.question)
        placed.command = Command("docker", ["exec", "web"] + placed.command.vector)
        XCTAssertNil(placed.question, "somewhere else is asked by a program there")
    }
}
