import DeployTestSupport
import Foundation
import XCTest

/// Each request at the public ports is a line of JSON that names nobody and holds no query.
final class AccessLogTests: XCTestCase {
    private struct Line: Decodable {
        var time, request_id, method, path: String
        var status: Int?
        var bytes: Int
        var seconds: Double
        var upstream_seconds: Double?
        var service, deployment, release: String?
    }

    private func lines(_ world: DeployctlFixture) throws -> [Line] {
        try world.run("logs", "staging", "--access").expect(0).output.split(separator: "\n").map {
            try JSONDecoder().decode(Line.self, from: Data($0.utf8))
        }
    }

    func testRequestsAreLoggedOnceWithWhoAnswered_S02() throws {
        let world = try DeployctlFixture(for: self)
        try world.replace(
            "\"/\": \"web\"", with: #""/": "public", "/version": "web", "/health": "web", "/items": "web""#,
            in: "environments/base.json")
        try world.write("page", to: "public/index.html")
        try world.commit("Log")
        let began = Date().addingTimeInterval(-1)
        try world.run("staging").expect(0)
        let release = try world.version("staging").isEmpty ? "" : try lines(world).last?.release
        XCTAssertEqual(world.get("/index.html?token=hidden-word", from: "staging").status, 200)
        XCTAssertEqual(world.get("/version", from: "staging").status, 200)
        XCTAssertEqual(world.get("/gone\"<\\?hidden-word", from: "staging").status, 404)
        XCTAssertEqual(
            try world.runProgram([
                "curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "-H", "Expect:", "-H",
                "Content-Length: 60000000", "-X", "POST", "http://127.0.0.1:\(world.port("staging"))/items",
            ]).output, "413")
        let seen = try lines(world).suffix(4)
        XCTAssertEqual(seen.map(\.path), ["/index.html", "/version", "/gone\"<\\", "/items"])
        XCTAssertEqual(seen.map(\.status), [200, 200, 404, 413])
        XCTAssertEqual(seen.map(\.method), ["GET", "GET", "GET", "POST"])
        XCTAssertEqual(seen.map(\.service), ["front", "web", "front", nil])
        XCTAssertEqual(seen.map(\.release), [release, release, release, nil])
        XCTAssertEqual(seen.map { $0.upstream_seconds == nil }, [false, false, false, true])
        XCTAssertEqual(Set(seen.map(\.request_id)).count, 4)
        for line in seen {
            let format = ISO8601DateFormatter()
            format.formatOptions.insert(.withFractionalSeconds)
            let time = try XCTUnwrap(format.date(from: line.time), line.time)
            XCTAssertTrue(time > began && time < Date().addingTimeInterval(1), line.time)
            XCTAssertTrue(line.time.hasSuffix("+00:00"), line.time)
        }
        let log = "\(world.project)/logs/staging/access.jsonl"
        XCTAssertFalse(try String(contentsOfFile: log, encoding: .utf8).contains("hidden-word"))
        let mode = try FileManager.default.attributesOfItem(atPath: log)[.posixPermissions] as? Int
        XCTAssertEqual(mode, 0o600)
        XCTAssertNil(world.get("/version", from: "staging").headers["x-deployctl-service"])
        XCTAssertEqual(
            try world.run("logs", "staging", "--access", "--since", "2099-01-01T00:00:00Z").output, "")

        try world.replace(
            "\"drain\"", with: "\"front\": {\"access\": false}, \"drain\"", in: "environments/base.json")
        try world.commit("Log nothing")
        try world.run("staging").expect(0)
        let before = try lines(world).count
        XCTAssertEqual(world.get("/version", from: "staging").status, 200)
        XCTAssertEqual(try lines(world).count, before)
    }

    func testALinkInThePlaceOfTheLogIsNotWrittenTo() throws {
        let world = try DeployctlFixture(for: self)
        try FileManager.default.createDirectory(
            atPath: "\(world.project)/logs/staging", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: "\(world.project)/logs/staging/access.jsonl",
            withDestinationPath: "\(world.folder)/target")
        try world.commit(version: "one")
        try world.run("staging").expect(15).expectExplained()
        XCTAssertFalse(FileManager.default.fileExists(atPath: "\(world.folder)/target"))
    }
}
