import XCTest

@testable import DeployCore

/// What services kept is not taken from them.
final class KeptVolumesTests: XCTestCase {
    private func document(_ name: String, at target: String = "/data") throws -> JSONTree {
        try JSONTree.parse(
            #"""
            {"services": {"db": {"volumes": [{"type": "volume", "source": "kept", "target": "\#(target)"}]}},
             "volumes": {"kept": {"external": true, "name": "\#(name)"}}}
            """#)
    }

    private func mayBeMade(_ now: JSONTree, before: JSONTree?, missing: Set<String>) throws -> Set<String> {
        try KeptVolumes(before: before).mayBeMade(
            for: now, missing: missing, in: ComposeFixture.environment())
    }

    func testANewVolumeIsMade() throws {
        XCTAssertEqual(try mayBeMade(document("one"), before: nil, missing: ["one"]), ["one"])
        XCTAssertEqual(
            try mayBeMade(document("two", at: "/more"), before: document("one"), missing: ["two"]), ["two"],
            "nothing was kept there")
    }

    func testAVolumeThatHeldSomethingIsNotMadeAgain() throws {
        for check in [
            { _ = try self.mayBeMade(self.document("one"), before: self.document("one"), missing: ["one"]) },
            { try KeptVolumes(before: self.document("one")).require(missing: ["one"]) },
        ] {
            XCTAssertThrowsError(try check()) {
                let error = $0 as? DeployError
                XCTAssertEqual(error?.code, .gateRefused)
                XCTAssertEqual(error?.what, "Volume one is gone")
                XCTAssertTrue(error?.why.contains("service db") == true, error?.why ?? "")
            }
        }
    }

    func testTheVolumesOfOneServiceAreKnown() throws {
        let kept = KeptVolumes(before: try document("one"))
        XCTAssertEqual(kept.names(of: "db"), ["one"])
        XCTAssertEqual(kept.names(of: "web"), [])
        XCTAssertEqual(kept.names(of: nil), [])
    }

    func testAServiceDoesNotBeginOnAnEmptyVolumeBesideItsOwn() throws {
        XCTAssertThrowsError(
            try mayBeMade(document("two"), before: document("one"), missing: ["two"])
        ) { XCTAssertEqual(($0 as? DeployError)?.what, "Service db would begin on the empty volume two") }
        XCTAssertEqual(
            try mayBeMade(document("two"), before: document("one"), missing: []), [],
            "somebody made it, and means it")
    }
}
