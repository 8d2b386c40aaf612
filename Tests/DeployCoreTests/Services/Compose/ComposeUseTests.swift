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
        for source in ["/p/app", "/p/app/Dockerfile", "/p/not-committed"] {
            XCTAssertThrowsError(try check(mounting(source)), source) {
                XCTAssertEqual(
                    ($0 as? DeployError)?.what, "services.web.volumes of compose.yml is refused")
            }
            XCTAssertNoThrow(try check(mounting(source, readOnly: true)), source)
        }
        for source in ["/e/shared/uploads", "/p/uploads"] {
            XCTAssertNoThrow(try check(mounting(source)), source)
        }
    }

    func testAJobThatNobodyWouldRunIsNamed() throws {
        func waiting(for job: String, _ condition: String) -> (inout JSONTree) -> Void {
            { tree in
                tree["services"]?["web"]?["depends_on"] = .object([job: .texts(["condition": condition])])
                tree["services"]?["job"] = .object(["image": .text("busybox")])
            }
        }
        XCTAssertThrowsError(try check(waiting(for: "job", "service_completed_successfully"))) {
            let error = $0 as? DeployError
            XCTAssertEqual(error?.what, "services.web.depends_on of compose.yml is refused")
            XCTAssertTrue(error?.why.hasPrefix("job ") == true, error?.why ?? "")
        }
        XCTAssertNoThrow(try check(waiting(for: "job", "service_started")))
        XCTAssertNoThrow(try check(waiting(for: "worker", "service_completed_successfully")))
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
