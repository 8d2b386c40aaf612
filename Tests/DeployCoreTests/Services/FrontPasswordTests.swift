import DeployTestSupport
import XCTest

@testable import DeployCore

final class FrontPasswordTests: XCTestCase {
    private func file(_ lines: String) throws -> [String] {
        try FrontPassword(lines: lines, salt: "s").file().lines.map(String.init).filter { !$0.isEmpty }
    }

    func testSHA1IsThatOfTheStandard() {
        for (text, digest) in [
            ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (String(repeating: "a", count: 55), "c1c8bbdc22796e28c0e15163d20899b65621d65a"),
            (String(repeating: "a", count: 56), "c2db330f6083854c99d4b5bfb6e8f29f201be699"),
            (String(repeating: "a", count: 64), "0098ba824b5c16427bd7a1122a5a442a25ec644d"),
        ] {
            XCTAssertEqual(
                SHA1.digest(of: Array(text.utf8)).map { String(format: "%02x", $0) }.joined(), digest)
        }
    }

    func testPasswordsAreHashedAndHashesStayAsTheyAre_S02() throws {
        let lines = try file("# people\r\n\nanna:se:cret\nberta:$apr1$x$y\ncarl:{SSHA}abc\ndora:se:cret\n")
        XCTAssertEqual(lines.count, 4)
        XCTAssertTrue(lines[0].hasPrefix("anna:{SSHA}"), lines[0])
        XCTAssertEqual(Array(lines[1...2]), ["berta:$apr1$x$y", "carl:{SSHA}abc"])
        XCTAssertFalse(lines.joined().contains("se:cret"))
        XCTAssertNotEqual(lines[0].dropFirst(5), lines[3].dropFirst(5), "equal passwords do not look equal")
    }

    func testAWrongLineIsNamedByItsNumberOnly_S02() {
        for lines in [
            "", "# only\n", "secret", ":secret", "a b:secret", "anna:", "anna:sec\u{1}ret", "anna:x\nsecret",
        ] {
            XCTAssertThrowsError(try file(lines), lines) { error in
                let error = error as? DeployError
                XCTAssertEqual(error?.code, .invalidDefinition)
                XCTAssertFalse(
                    "\(error?.what ?? "") \(error?.why ?? "") \(error?.next ?? "")".contains("sec"))
            }
        }
    }

    func testEmptyLinesCount() {
        XCTAssertThrowsError(try file("anna:x\n\n# who\nwrong")) { error in
            XCTAssertEqual((error as? DeployError)?.why, "line 4 is not USER:PASSWORD")
        }
    }

    func testWhatStandsInNginxsFileHasOneLineForEachUser_S08() throws {
        for text in HostileText.texts(of: ["\n", "\"", ";", "}", "$uri", "\\", "#", ":"]) {
            guard let lines = try? file("anna:\(text)x") else { continue }
            XCTAssertTrue(lines.allSatisfy { $0.contains(":{SSHA}") }, hexadecimal(text))
        }
    }
}

final class VisitorHeadersTests: XCTestCase {
    private func headers(_ change: (inout Environment) -> Void) -> [String: String] {
        var environment = Environment(name: "production", project: "shop")
        environment.services = [Service(name: "web", role: .app, health: .init(path: "/h"))]
        change(&environment)
        return VisitorHeaders(environment: environment).headers(for: environment.services[0])
    }

    func testAProbeComesForTheHostOfTheAddressAsTheEdgeWouldSendIt() {
        XCTAssertEqual(headers { _ in }, [:])
        XCTAssertEqual(
            headers { $0.url = "https://shop.example:8443/start?a" },
            [
                "Host": "shop.example:8443", "X-Forwarded-Host": "shop.example:8443",
                "X-Forwarded-Proto": "https",
                "X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1",
            ])
        XCTAssertEqual(headers { $0.url = "http://[::1]:80" }["Host"], "[::1]:80")
        XCTAssertEqual(headers { $0.tls = .init(certificate: "c", key: "k") }["X-Forwarded-Proto"], "https")
        XCTAssertEqual(
            headers {
                $0.url = "http://a"
                $0.services[0].health?.headers = ["host": "b", "X-Probe": "1"]
            }.filter { $0.key.lowercased() == "host" || $0.key == "X-Probe" }, ["host": "b", "X-Probe": "1"])
    }
}
