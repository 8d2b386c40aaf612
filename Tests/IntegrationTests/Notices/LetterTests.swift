import DeployTestSupport
import Foundation
import XCTest

/// Letters arrive by a mail server and by the machine's own program, whatever is written in them.
final class LetterTests: NoticeTestCase {
    private func world(
        _ folder: String, to: [String], server: String? = nil
    ) throws -> DeployctlFixture {
        let receivers = to.map { "\"\($0)\"" }.joined(separator: ", ")
        let place = server == nil ? "" : #", "server": {"file": "sink/server"}"#
        let world = try world(
            try MessageSink(in: folder), in: folder,
            routes:
                #"[{"name": "post", "mail": {"to": [\#(receivers)], "from": "deploy@shop.example"\#(place)}, "on": ["failed"]}]"#
        )
        if let server {
            try world.write(server, to: "sink/server")
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: "\(world.project)/sink/server")
        }
        return world
    }

    func testAMailServerTakesWhatFailedAndThatItIsOver() throws {
        let folder = try makeTestFolder()
        let box = try LetterBox(in: folder)
        let world = try world(
            folder, to: ["ops@shop.example", "cto@shop.example"],
            server: "smtp://ops:letter-key@127.0.0.1:\(box.port)")
        try world.commit(["app/health": "500"], "Break")
        try world.run("staging").expect(15)
        try world.commit(["app/health": "200"], "Mend")
        try world.run("staging").expect(0)
        let letters = try box.letters()
        XCTAssertEqual(letters.count, 2, "\(letters)")
        XCTAssertEqual(letters.first?["to"] as? [String], ["ops@shop.example", "cto@shop.example"])
        XCTAssertEqual(letters.first?["from"] as? String, "deploy@shop.example")
        XCTAssertTrue((letters.first?["subject"] as? String)?.hasPrefix("[P1] shop staging") == true)
        XCTAssertTrue((letters.first?["text"] as? String)?.contains("deployctl ack ") == true)
        XCTAssertTrue((letters.last?["subject"] as? String)?.contains("is well again after") == true)
        XCTAssertEqual(Set(letters.compactMap { $0["id"] as? String }).count, 2)
        let left = try FileManager.default.contentsOfDirectory(atPath: "\(world.project)/.deployctl")
        XCTAssertEqual(left.filter { $0.hasPrefix(".letter") }, [])
    }

    func testAMailServerThatRefusesIsToldOfWithoutItsPassword() throws {
        let folder = try makeTestFolder()
        let box = try LetterBox(in: folder)
        for (to, key, words) in [
            ("ops@shop.example", "other-key", "67"), ("nobody@shop.example", "letter-key", "550"),
        ] {
            let world = try world(
                folder, to: [to], server: "smtp://ops:\(key)@127.0.0.1:\(box.port)")
            try world.run("staging").expect(0)
            let run = try world.run("notifications", "test", "staging").expect(15).expectExplained()
            XCTAssertTrue(run.errors.contains(words), run.errors)
            XCTAssertFalse(run.errors.contains(key), run.errors)
        }
        XCTAssertEqual(try box.letters().count, 0)
    }

    func testTheMachinesOwnProgramGetsTheWholeLetter() throws {
        let folder = try makeTestFolder()
        let world = try world(folder, to: ["ops@shop.example"])
        let sendmail = "\(folder)/bin/sendmail"
        try FileManager.default.createDirectory(
            atPath: "\(folder)/bin", withIntermediateDirectories: false)
        try Data("#!/bin/sh\necho \"$@\" > '\(folder)/words'\ncat > '\(folder)/letter'\n".utf8)
            .write(to: URL(fileURLWithPath: sendmail))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: sendmail)
        try world.commit(["app/health": "500"], "Break")
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        try world.run("staging", environment: ["PATH": "\(folder)/bin:\(path):/usr/sbin:/sbin"]).expect(15)
        XCTAssertEqual(try String(contentsOfFile: "\(folder)/words", encoding: .utf8), "-t -i\n")
        let letter = try String(contentsOfFile: "\(folder)/letter", encoding: .utf8)
        let parts = letter.components(separatedBy: "\n\n")
        XCTAssertTrue(parts[0].contains("\nTo: ops@shop.example\n"), letter)
        let text = Data(base64Encoded: parts[1].filter { $0 != "\n" }).map {
            String(decoding: $0, as: UTF8.self)
        }
        XCTAssertTrue(text?.contains("shop staging") == true, letter)
    }
}
