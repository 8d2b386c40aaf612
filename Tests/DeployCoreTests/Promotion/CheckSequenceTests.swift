import XCTest

@testable import DeployCore

final class CheckSequenceTests: XCTestCase {
    private func answer(_ status: Int, _ body: String, headers: String = "", seconds: String = "0.010")
        -> CommandResult
    {
        CommandResult(
            .exited(0), output: "HTTP/1.1 \(status) X\r\n\(headers)\r\n\(body)\n\(status) \(seconds)")
    }

    private func text(_ request: CommandRequest?) -> String {
        request?.input.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    func testWhatOneAnswerHoldsGoesIntoTheNextRequestAndNeverIntoArgv() throws {
        let check = HTTPCheck(
            name: "login",
            steps: [
                .init(
                    "POST", "/login", body: .object(["password": .text("{password}")]),
                    capture: ["token": "data.0.token", "place": "header:Location"]),
                .init("GET", "{place}", headers: ["Authorization": "Bearer {token}"]),
            ])
        var sequence = CheckSequence(check, at: .port(80), secrets: ["password": "pa\"ss\nurl=x"])
        let first = try XCTUnwrap(sequence.next(after: nil))
        XCTAssertEqual(first.command.vector, ["curl", "--disable", "--config", "-"])
        XCTAssertTrue(text(first).contains(#"data-raw = "{\"password\":\"pa\\\"ss\\nurl=x\"}""#), text(first))
        let second = sequence.next(
            after: answer(200, #"{"data":[{"token":"t-1"}]}"#, headers: "Location: /me\r\n"))
        XCTAssertEqual(second?.command.vector, ["curl", "--disable", "--config", "-"])
        XCTAssertTrue(text(second).contains(#"header = "Authorization: Bearer t-1""#))
        XCTAssertTrue(text(second).contains(#"url = "http://127.0.0.1:80/me""#))
        XCTAssertNil(sequence.next(after: answer(204, "")))
        XCTAssertEqual(sequence.outcome, CheckOutcome(name: "login", complaint: nil, seconds: 0.02))
    }

    func testEveryWrongAnswerIsAComplaintThatShowsNoValueOfIt() {
        let expectation = HTTPCheck.Expectation(
            status: 200, headers: ["X-A": "b"], json: .object(["ok": .flag(true), "n": .number(1)]),
            latency: .milliseconds(50))
        let good = #"{"ok":true,"n":1,"more":"secret"}"#
        let cases: [(CommandResult, String?)] = [
            (answer(200, good, headers: "x-a: b\r\n"), nil),
            (answer(201, good, headers: "x-a: b\r\n"), "answers 201 instead of 200"),
            (answer(200, good), "X-A is not b"),
            (
                answer(200, #"{"ok":"secret","n":1}"#, headers: "x-a: b\r\n"),
                "json.ok is not what is expected"
            ),
            (answer(200, #"{"ok":true}"#, headers: "x-a: b\r\n"), "json.n is not what is expected"),
            (answer(200, "secret", headers: "x-a: b\r\n"), "the answer is no JSON"),
            (answer(200, good, headers: "x-a: b\r\n", seconds: "0.051"), "took 51 ms, allowed are 50ms"),
            (CommandResult(.exited(7)), "no answer (connection refused)"),
            (CommandResult(.exited(28)), "no answer (too late)"),
            (CommandResult(.exited(0), output: ""), "the answer cannot be read"),
            (CommandResult(.timedOut), "no answer (did not end before its deadline)"),
        ]
        for (result, complaint) in cases {
            let check = HTTPCheck(name: "c", steps: [.init("GET", "/", expect: expectation)])
            var sequence = CheckSequence(check, at: .port(80), secrets: [:])
            _ = sequence.next(after: nil)
            XCTAssertNil(sequence.next(after: result))
            XCTAssertEqual(sequence.outcome.complaint, complaint.map { "GET /: \($0)" })
        }
        let lost = CheckSequence(HTTPCheck(name: "c", steps: []), at: .port(80), secrets: [:])
        XCTAssertNotNil(lost.outcome.complaint, "what never ran has not passed")
    }

    func testTheLoadIsMeasuredByEveryRequestOrNotAtAll() {
        let slo = Environment.SLO(path: "/", requests: 20, concurrency: 2, p95: .seconds(1), errorRate: 0)
        let lines = (1...20).map { "\($0 == 20 ? 500 : 200) 0.\($0 < 10 ? "0" : "")\($0)" }
        let output = lines.joined(separator: "\n") + "\n"
        XCTAssertEqual(
            LoadProbe.measurement(CommandResult(.exited(0), output: output), slo),
            LoadMeasurement(requests: 20, failed: 1, p95: 0.19))
        XCTAssertNil(LoadProbe.measurement(CommandResult(.timedOut, output: output), slo))
        let fewer = lines.dropLast().joined(separator: "\n")
        XCTAssertNil(LoadProbe.measurement(CommandResult(.exited(0), output: fewer), slo))
    }

    func testForbiddenTextsCountOncePerLine() {
        let data = Data("ok\nERROR a ERROR\nfine\nx ERROR".utf8)
        for portion in [1, 3, 7, data.count] {
            var lines = LineTally(["ERROR", "FATAL"])
            var rest = data
            while !rest.isEmpty {
                lines.feed(rest.prefix(portion))
                rest = rest.dropFirst(portion)
            }
            XCTAssertEqual(lines.counts, ["ERROR": 2, "FATAL": 0], "in portions of \(portion)")
        }
    }

    func testTextsAreCountedAsLineByLineHoweverTheyAreCut() {
        let texts = ["AB", "BA", "A", "ABABC", "é", "B\nA"]
        var numbers = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            let letters = (0..<200).map { _ in
                ["A", "B", "C", "é", "\n"].randomElement(using: &numbers) ?? ""
            }
            let log = letters.joined()
            let expected = texts.map { text in
                log.split(separator: "\n").count { Array($0.utf8).holds(Array(text.utf8)) }
            }
            var lines = LineTally(texts)
            var rest = Data(log.utf8)
            while !rest.isEmpty {
                let portion = Int.random(in: 1...40, using: &numbers)
                lines.feed(rest.prefix(portion))
                rest = rest.dropFirst(portion)
            }
            XCTAssertEqual(texts.map { lines.counts[$0] }, expected, log.debugDescription)
        }
    }
}

extension [UInt8] {
    fileprivate func holds(_ part: [UInt8]) -> Bool {
        indices.contains { self[$0...].starts(with: part) }
    }
}
