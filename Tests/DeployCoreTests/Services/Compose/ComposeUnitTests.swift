import XCTest

@testable import DeployCore

/// What every service gets, whatever its file says.
final class ComposeUnitTests: XCTestCase {
    private func stripped(
        _ service: String = "web", in environment: (inout Environment) -> Void = { _ in },
        _ change: (inout JSONTree) -> Void
    ) throws -> JSONTree {
        try ComposeFixture.unit(ComposeFixture.file(change), environment).stripped(service)
    }

    func testNoProgramGainsRightsUnlessTheDefinitionSaysSo_S16() throws {
        XCTAssertEqual(
            try stripped { _ in }["security_opt"], .list([.text("no-new-privileges:true")]))
        XCTAssertEqual(
            try stripped { $0["services"]?["web"]?["security_opt"] = .list([.text("no-new-privileges")]) }[
                "security_opt"], .list([.text("no-new-privileges")]), "once is enough")
        XCTAssertNil(
            try stripped(in: { $0.services[0].grants = .init(newPrivileges: true) }) { _ in }["security_opt"])
    }

    func testAVariableWithoutAValueIsNotFilledFromHere_S01() throws {
        let tree = try stripped {
            $0["services"]?["web"]?["environment"] = .object(["HTTP_PROXY": .null, "A": .text("1")])
        }
        XCTAssertEqual(tree["environment"], .texts(["A": "1"]))
    }

    private func bind(_ source: String, readOnly: Bool = false) -> JSONTree {
        .object([
            "type": .text("bind"), "source": .text(source), "target": .text("/x"),
            "read_only": .bool(readOnly),
        ])
    }

    func testAMountInsideOneThatMayBeWrittenIsRefused_S16() throws {
        let uploads = "/e/shared/uploads"
        let cases: [(name: String, web: [JSONTree], worker: [JSONTree], secret: String)] = [
            ("of one service", [bind(uploads), bind("\(uploads)/a.png", readOnly: true)], [], "/s/TOKEN"),
            ("of two", [bind("\(uploads)/thumbs")], [bind("\(uploads)/")], "/s/TOKEN"),
            ("through a link of the release", [bind("/p/uploads")], [bind("\(uploads)/thumbs")], "/s/TOKEN"),
            ("the file of a secret", [bind(uploads)], [], "\(uploads)/token"),
        ]
        for (name, web, worker, secret) in cases {
            let unit = try ComposeFixture.unit(
                ComposeFixture.file {
                    $0["services"]?["web"]?["volumes"] = .list(web)
                    $0["services"]?["worker"]?["volumes"] = .list(worker)
                    $0["secrets"]?["TOKEN"] = .object(["file": .text(secret)])
                })
            XCTAssertThrowsError(try unit.check(), name) {
                let what = ($0 as? DeployError)?.what ?? ""
                XCTAssertTrue(what.hasSuffix(".volumes of compose.yml is refused"), "\(name): \(what)")
            }
        }
        let beside = try ComposeFixture.unit(
            ComposeFixture.file {
                $0["services"]?["web"]?["volumes"] = .list([
                    bind(uploads), bind("/e/shared/uploads2"), bind("/p", readOnly: true),
                    bind("/p/app", readOnly: true), bind("/e/shared", readOnly: true),
                ])
                $0["services"]?["worker"]?["volumes"] = .list([bind(uploads)])
            })
        XCTAssertNoThrow(try beside.check(), "the same folder, and others beside it")
    }

    func testTheEngineGetsThePlaceThatWasJudgedAndNoLinkToIt_S16() throws {
        let tree = try stripped { $0["services"]?["web"]?["volumes"] = .list([bind("/p/uploads")]) }
        XCTAssertEqual(tree["volumes"]?.items.first?["source"], .text("/e/shared/uploads"))
        let set = try ComposeFixture.apps(
            ComposeFixture.unit(
                ComposeFixture.file { $0["secrets"]?["TOKEN"] = .object(["file": .text("/p/inside/token")]) })
        )
        XCTAssertEqual(try set.document().at("secrets", "TOKEN", "file"), .text("/p/app/token"))
    }

    func testAServiceSharesProcessesWithItsOwnSetOnly() throws {
        let set = try ComposeFixture.apps(
            ComposeFixture.unit(
                ComposeFixture.file { $0["services"]?["web"]?["pid"] = .text("service:worker") }))
        XCTAssertEqual(
            try set.document().at("services", "web-20261121021530", "pid"),
            .text("service:worker-20261121021530"))
        XCTAssertNil(try set.job(set.unit.environment.appServices[0]).at("services", "web", "pid"))
    }

    func testEveryServiceThatRunsIsJudged() throws {
        for service in ["web", "worker", "database"] {
            let unit = try ComposeFixture.unit(
                ComposeFixture.file { $0["services"]?[service]?["privileged"] = .bool(true) })
            XCTAssertThrowsError(try unit.check(), service) {
                XCTAssertEqual(
                    ($0 as? DeployError)?.what, "services.\(service).privileged of compose.yml is refused")
            }
        }
    }
}
