import XCTest

@testable import DeployCore

final class TextTests: XCTestCase {
    func testDurationsAreReadAndWritten() {
        let table: [(String, Duration)] = [
            ("200ms", .milliseconds(200)), ("30s", .seconds(30)), ("5m", .seconds(300)),
            ("24h", .seconds(86_400)),
            ("7d", .seconds(604_800)), ("0s", .zero),
        ]
        for (text, duration) in table { XCTAssertEqual(DurationText.parse(text), duration, text) }
        for text in ["200ms", "30s", "5m", "25h", "7d", "0s", "90s"] {
            XCTAssertEqual(DurationText.parse(text).map(DurationText.render), text)
        }
        XCTAssertEqual(DurationText.render(.seconds(-90)), "-90s")
    }

    func testOtherTextsAreNoDurations() {
        for text in [
            "", "5", "s", "-5s", "+5s", "1.5h", "5 s", " 5s", "5s ", "5S", "5sec", "1h30m",
            "99999999999999999999s",
            "36501d", "9223372036854775807d", "٥s",
        ] { XCTAssertNil(DurationText.parse(text), text) }
    }

    func testSizesAreReadAndWritten() {
        let table: [(String, Int64)] = [
            ("20GB", 20_000_000_000), ("512MiB", 536_870_912), ("1kB", 1000), ("1KiB", 1024), ("7B", 7),
            ("2TB", 2_000_000_000_000),
        ]
        for (text, bytes) in table {
            XCTAssertEqual(SizeText.parse(text), bytes, text)
            XCTAssertEqual(SizeText.render(bytes), text)
        }
        XCTAssertEqual(SizeText.render(0), "0B")
        for text in ["", "5", "GB", "-1GB", "1.5GB", "1 GB", "1gb", "9223372036854775807TB"] {
            XCTAssertNil(SizeText.parse(text), text)
        }
    }

    func testTheNearestKeyIsTheOnePersonsMeant() {
        let keys = ["project", "ports", "promotion", "logs", "headers"]
        for (typed, meant) in [
            "port": "ports", "Project": "project", "promotoin": "promotion", "haeders": "headers",
        ] {
            XCTAssertEqual(Nearest.word(to: typed, in: keys), meant)
        }
        XCTAssertNil(Nearest.word(to: "notify", in: keys))
    }

    func testForeignTextIsShownWithoutControlCharacters() {
        XCTAssertEqual(
            Shown.text("a\u{1B}[31m\u{202E}b\r\n\u{9B}é"), "a\u{FFFD}[31m\u{FFFD}b\u{FFFD}\u{FFFD}\u{FFFD}é")
        XCTAssertEqual(Shown.text(String(repeating: "x", count: 1000)).count, 61)
    }

    /// The schema's patterns and the decoder's checks are two spellings of one rule.
    func testPatternsAgreeWithChecks() throws {
        let rules: [(String, TextRule)] = [
            ("name", .name), ("resource", .resource), ("host", .host), ("argument", .argument),
            ("duration", .duration),
            ("positiveDuration", .positiveDuration), ("size", .size), ("branch", .branch), ("path", .path),
            ("relativePath", .relativePath), ("repository", .repository), ("routeTarget", .routeTarget),
            ("routePath", .routePath), ("healthPath", .healthPath), ("secretName", .secretName),
            ("variableName", .variableName), ("email", .email), ("network", .network),
            ("variable", .variable), ("headerName", .headerName), ("headerValue", .headerValue),
            ("subject", .subject), ("url", .url), ("phrase", .phrase), ("line", .line),
        ]
        let texts = [
            "", "a", "a-b", "-a", "A", "a_b", "a.b", "1", "../a", "a/../b", "a/..", "..", "..a", "a..b", "/",
            "/a", "/a/..",
            "a b", " a", "a ", "a\tb", "a\nb", "a\"b", "a'b", "a\\b", "a$b", "a;b", "a{b", "a:b", "a@b",
            "a*b", "é", "PORT",
            "HOST", "SOCKET", "DATABASE_URL", "DATABASE_HOST", "DATABASE_HOSTS", "LD_PRELOAD", "LDX",
            "LOCPATH", "PORTS", "DEPLOYCTL_X",
            "JWT_1", "1A", "_", "5s", "0s", "00m",
            "10m", "5",
            "5GB", "0GB", "500KiB", "http://a", "https://a.b:80/c?d=e#f", "http://", "http://a b",
            "http://a/\"",
            "http://a@b", "ftp://a", "network", "networks", "ports.", "ports.http", "secrets.A", "shared.a/b",
            "tls.key",
            "tlsxkey", "ops@shop.example", "-a@b", "a+b@c-d", "a@-b", "a@b@c", "@b", "a@b_c", "stable/*",
            "X-A", "default-src 'self'; x", "127.0.0.1", "::1", "10.0.0.0/8",
            "10.0.0.0/", "fd00::/8/8", "fd00::/1000", "http://[::1]:80/",
            "$", "#", "%",
            "/a?b=c&d=e", "/a b", "CONFIRM", "SHIP IT", "\u{0}", "a\u{0}b", "git::x",
            String(repeating: "a", count: 63),
            String(repeating: "a", count: 64), String(repeating: "a", count: 255),
        ]
        for (name, rule) in rules {
            let pattern = try NSRegularExpression(pattern: XCTUnwrap(rule.pattern))
            XCTAssertTrue(rule.accepts(rule.example), "\(name) refuses its own example")
            for text in texts {
                let range = NSRange(text.startIndex..., in: text)
                let matches = pattern.firstMatch(in: text, range: range)?.range == range
                XCTAssertEqual(matches, rule.accepts(text), "\(name): \(text.debugDescription)")
            }
        }
    }
}
