import DeployTestSupport
import XCTest

@testable import DeployCore

/// The files a parser would open are looked at before it opens them.
final class ComposeSourcesTests: XCTestCase {
    private let files = MemoryFileStore()

    override func setUpWithError() throws {
        for path in ["/p/a.env", "/p/sub/a.env", "/p/sub/b.env"] { files.write("A=1", to: path) }
        for (link, target) in [
            ("/p/bad.env", "../e/secrets/pw"), ("/p/ok.env", "sub/a.env"), ("/p/lib", "/etc"),
        ] {
            try files.pointLink(link, to: target)
        }
    }

    func testWhatLeadsOutOfTheReleaseIsRefusedByItsKey_S16() throws {
        let cases: [(tree: String, place: String)] = [
            (service(#""env_file": "/etc/passwd""#), "services.web.env_file of compose.yml"),
            (service(#""env_file": ["a.env", "../e/secrets/pw"]"#), "services.web.env_file of compose.yml"),
            (
                service(#""env_file": [{"path": "bad.env", "required": false}]"#),
                "services.web.env_file of compose.yml"
            ),
            (service(#""env_file": "lib/passwd""#), "services.web.env_file of compose.yml"),
            (service(#""env_file": "~/x""#), "services.web.env_file of compose.yml"),
            (service(#""label_file": ["../x"]"#), "services.web.label_file of compose.yml"),
            (
                service(#""extends": {"file": "../other/compose.yml", "service": "x"}"#),
                "services.web.extends of compose.yml"
            ),
            (
                service(#""extends": {"file": "https://example.com/x.git", "service": "x"}"#),
                "services.web.extends of compose.yml"
            ),
            (#"{"include": ["/etc/compose.yml"]}"#, "include of compose.yml"),
            (#"{"include": ["oci://example.com/x"]}"#, "include of compose.yml"),
            (#"{"include": ["git@example.com:x"]}"#, "include of compose.yml"),
            (#"{"include": ["github.com/a/b"]}"#, "include of compose.yml"),
            (#"{"include": ["org-1@127.0.0.1:/srv/x"]}"#, "include of compose.yml"),
            (#"{"include": ["${X:-org-1@127.0.0.1:/srv/x}"]}"#, "include of compose.yml"),
            (
                service(#""extends": {"file": "me@example.com:x", "service": "x"}"#),
                "services.web.extends of compose.yml"
            ),
            (#"{"include": [{"path": ["sub/db.yml", "../x.yml"]}]}"#, "include of compose.yml"),
            (
                #"{"include": [{"path": "sub/db.yml", "env_file": "../x"}]}"#,
                "include.env_file of compose.yml"
            ),
            (
                #"{"include": [{"path": "sub/db.yml", "project_directory": "/"}]}"#,
                "include.project_directory of compose.yml"
            ),
        ]
        for (tree, place) in cases {
            XCTAssertThrowsError(try check(["compose.yml": tree]), tree) {
                XCTAssertEqual(($0 as? DeployError)?.what, "\(place) is refused", tree)
                XCTAssertEqual(($0 as? DeployError)?.code, .invalidDefinition)
            }
        }
    }

    func testFilesOfTheReleaseAreFollowedAndJudgedToo() throws {
        let included = #"{"include": ["sub/db.yml"]}"#
        let extending = service(#""extends": {"file": "sub/db.yml", "service": "web"}"#)
        for main in [included, extending] {
            let out = ["compose.yml": main, "sub/db.yml": service(#""env_file": "../../x""#)]
            XCTAssertThrowsError(try check(out), main) {
                XCTAssertEqual(
                    ($0 as? DeployError)?.what, "services.web.env_file of sub/db.yml is refused", main)
            }
            XCTAssertNoThrow(
                try check(["compose.yml": main, "sub/db.yml": service(#""env_file": "b.env""#)]), main)
        }
        XCTAssertThrowsError(
            try check(["compose.yml": included, "sub/db.yml": service(#""env_file": "${X:-/etc/passwd}""#)]))
        let twice = #"{"include": ["sub/db.yml"], "services": {"web": {"extends": {"file": "sub/db.yml"}}}}"#
        XCTAssertThrowsError(
            try check(["compose.yml": twice, "sub/db.yml": service(#""env_file": "${X:-b.env}""#)]),
            "what is safe here may lead elsewhere there")
        try files.pointLink("/p/sub/.env", to: "../../e/secrets/pw")
        XCTAssertThrowsError(
            try check(["compose.yml": included, "sub/db.yml": "{}"]), "read without being named")
    }

    func testACompositionThatIsALinkOutIsRefused() throws {
        try files.pointLink("/p/compose.yml", to: "../other/compose.yml")
        XCTAssertThrowsError(try check([:])) {
            XCTAssertEqual(($0 as? DeployError)?.what, "the file of compose.yml is refused")
        }
    }

    func testFilesThatIncludeOneAnotherEnd() throws {
        let there = #"{"include": ["sub/db.yml"]}"#
        XCTAssertNoThrow(
            try check(["compose.yml": there, "sub/db.yml": #"{"include": ["../compose.yml"]}"#]))
    }

    func testOrdinaryFilesAreTaken() throws {
        for tree in [
            service(#""env_file": ".env""#), service(#""env_file": ["a.env", "./sub/a.env", "ok.env"]"#),
            service(#""env_file": [{"path": "none.env", "required": false}]"#),
            service(#""label_file": "a.env""#),
            service(#""extends": {"service": "base"}"#), service(#""extends": "base""#), "{}", "null",
        ] {
            XCTAssertNoThrow(try check(["compose.yml": tree]), tree)
        }
    }

    func testADocumentCannotLeaveTheKeyItIsReadUnder() {
        func document(_ text: String) -> String? { ComposeSources.document(of: Data(text.utf8)) }
        for text in [
            "a: 1\r\rb: 2", "a: \"\u{2028}include: [x]\"", "a: 1\u{2029}include: x", "a: 1\u{85}include: x",
            "a: \0",
            "a: 1\n---\nb: 2", "a: 1\n...\nb: 2", "%YAML 1.1\n---\na: 1", "--- {a: 1}", "a: \u{FEFF}",
        ] {
            XCTAssertNil(document(text), text.debugDescription)
        }
        XCTAssertNil(ComposeSources.document(of: Data([0xFF, 0xFE, 0x61, 0x00])), "another encoding")
        XCTAssertEqual(document("\u{FEFF}# x\r\n---\r\na: 1"), "x-file:\n  # x\n  \n  a: 1\nservices: {}\n")
    }

    private func service(_ keys: String) -> String { #"{"services": {"web": {\#(keys)}}}"# }

    private func check(_ trees: [String: String]) throws {
        for (name, text) in trees { files.write(text, to: "/p/\(name)") }
        let ground = ComposeGround(
            files: files, release: "/p", shared: "/e/shared", secrets: "/s", closed: [])
        var sources = ComposeSources(ground: ground) { document, name, _ throws(DeployError) in
            XCTAssertTrue(document.hasPrefix("x-file:\n"))
            return (try? .parse(trees[name] ?? "{}")) ?? .null
        }
        try sources.check("/p/compose.yml")
    }
}
