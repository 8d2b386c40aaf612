import DeployTestSupport
import XCTest

@testable import DeployCore

/// What a Compose file means elsewhere and would not mean here is refused by name.
final class ComposeUseTests: XCTestCase {
    private func check(_ change: (inout JSONTree) -> Void) throws {
        try ComposeFixture.unit(ComposeFixture.file(change)).check()
    }

    func testAServiceDoesNotWriteIntoItsRelease() throws {
        func mounting(_ source: String, readOnly: Bool = false) -> (inout JSONTree) -> Void {
            { tree in
                tree["services"]?["web"]?["volumes"] = .list([
                    .object([
                        "type": .text("bind"), "source": .text(source), "target": .text("/x"),
                        "read_only": .bool(readOnly),
                    ])
                ])
            }
        }
        for source in ["/p/empty", "/p/not-committed"] {
            XCTAssertThrowsError(try check(mounting(source)), source) {
                XCTAssertEqual(
                    ($0 as? DeployError)?.what, "services.web.volumes of compose.yml is refused")
            }
            XCTAssertNoThrow(try check(mounting(source, readOnly: true)), source)
        }
        for source in ["/p", "/p/app", "/p/app/Dockerfile", "/p/inside"] {
            let unit = try ComposeFixture.unit(ComposeFixture.file(mounting(source)))
            XCTAssertNoThrow(try unit.check(), source)
            XCTAssertEqual(
                try unit.stripped("web")["volumes"]?.items.first?["read_only"], .bool(true),
                "\(source) has content, so it is there to be read")
        }
        for source in ["/e/shared/uploads", "/p/uploads"] {
            XCTAssertNoThrow(try check(mounting(source)), source)
        }
    }

    func testAJobThatNobodyWouldRunIsNamed() throws {
        func check(
            _ condition: String, jobs: [String] = [], awaiting: [String: String] = [:]
        ) throws {
            let file = try ComposeFixture.file { tree in
                tree["services"]?["web"]?["depends_on"] = .object([
                    "seed": .texts(["condition": condition])
                ])
                for job in ["seed", "migrate"] {
                    tree["services"]?[job] = .object(["image": .text("busybox")])
                }
                for (job, other) in awaiting {
                    tree["services"]?[job]?["depends_on"] = .object([
                        other: .texts(["condition": "service_completed_successfully"])
                    ])
                }
            }
            try ComposeFixture.unit(file) { environment in
                environment.services += jobs.map { Service(name: $0, role: .job, listen: .none) }
            }.check()
        }
        let completed = "service_completed_successfully"
        XCTAssertThrowsError(try check(completed)) {
            let error = $0 as? DeployError
            XCTAssertEqual(error?.what, "services.web.depends_on of compose.yml is refused")
            XCTAssertTrue(error?.why.hasPrefix("seed ") == true, error?.why ?? "")
            XCTAssertTrue(error?.next.contains(#""seed": {"role": "job"}"#) == true, error?.next ?? "")
        }
        XCTAssertNoThrow(try check("service_started"))
        XCTAssertNoThrow(try check(completed, jobs: ["seed"]))
        XCTAssertNoThrow(try check(completed, jobs: ["migrate", "seed"], awaiting: ["seed": "migrate"]))
        XCTAssertThrowsError(try check(completed, jobs: ["seed", "migrate"], awaiting: ["seed": "migrate"])) {
            XCTAssertEqual(($0 as? DeployError)?.what, "services.seed.depends_on of compose.yml is refused")
        }
    }

    func testAVariableThatNothingSetsIsNamedWhereItIsNeeded() throws {
        let warning =
            #"time="x" level=warning msg="The \"KEY\" variable is not set. Defaulting to a blank string.""#
        let blank = BlankVariables(
            complaint: [
                warning, warning, warning.replacingOccurrences(of: "KEY", with: "DEPLOYCTL_RELEASE"),
                "another word",
            ].joined(separator: "\n"))
        XCTAssertEqual(blank.names, ["KEY"])
        func refuse(_ text: String, in service: String) throws {
            let tree = try JSONTree.parse(#"{"services": {"\#(service)": {"environment": ["A=\#(text)"]}}}"#)
            try blank.refuse(in: tree, of: "compose.yml", ComposeFixture.environment())
        }
        for text in ["${KEY}", "$KEY", "x${KEY:?}"] {
            XCTAssertThrowsError(try refuse(text, in: "web"), text) {
                let error = $0 as? DeployError
                XCTAssertEqual(
                    error?.what, "services.web of compose.yml needs variable KEY, which nothing sets")
            }
        }
        XCTAssertNoThrow(try refuse("${KEY}", in: "adminer"), "a service that does not run here")
    }

    func testAnImagesOnlyPortIsTheServices() throws {
        func port(_ ports: String) throws -> Int? {
            try JSON.value(
                ImageConfiguration.self, from: Data(#"{"volumes": null, "ports": \#(ports)}"#.utf8),
                named: "x"
            ).port
        }
        XCTAssertEqual(try port(#"{"8000/tcp": {}}"#), 8000)
        XCTAssertEqual(try port(#"{"8000/tcp": {}, "53/udp": {}}"#), 8000)
        XCTAssertNil(try port(#"{"8000/tcp": {}, "80/tcp": {}}"#))
        XCTAssertNil(try port("null"))
        var file = try ComposeFixture.file { $0["services"]?["web"]?["expose"] = nil }
        file.exposed = ["web": 8000, "worker": 7000]
        XCTAssertEqual(file.containerPort(of: "web"), 9000, "what the file publishes comes first")
        XCTAssertEqual(file.containerPort(of: "worker"), 7000)
    }
}
