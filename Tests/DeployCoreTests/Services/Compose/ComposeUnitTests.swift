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

    func testAMountInsideAnotherCannotBeReplacedByALink_S16() throws {
        func bind(_ source: String) -> JSONTree {
            .object(["type": .text("bind"), "source": .text(source), "target": .text("/x")])
        }
        let inRelease = try stripped {
            $0["services"]?["web"]?["volumes"] = .list([bind("/p")])
            $0["services"]?["worker"]?["volumes"] = .list([bind("/p/app")])
        }
        XCTAssertEqual(inRelease["volumes"]?.items.first?["read_only"], .bool(true))
        let alone = try stripped { $0["services"]?["web"]?["volumes"] = .list([bind("/p")]) }
        XCTAssertNil(alone["volumes"]?.items.first?["read_only"], "nothing begins inside it")
        XCTAssertThrowsError(
            try stripped {
                $0["services"]?["web"]?["volumes"] = .list([bind("/e/shared"), bind("/e/shared/uploads")])
            }
        ) { XCTAssertEqual(($0 as? DeployError)?.what, "services.web.volumes of compose.yml is refused") }
        XCTAssertThrowsError(
            try stripped {
                $0["services"]?["web"]?["volumes"] = .list([bind("/s")])
            }, "the file of a secret lies in it")
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
