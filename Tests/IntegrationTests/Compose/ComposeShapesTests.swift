import DeployTestSupport
import Foundation
import XCTest

/// Compose files of the shapes that people write are deployed with a definition alone, or refused with line and reason.
final class ComposeShapesTests: XCTestCase {
    /// Those that take other ways through deployctl than the rest; all of them in a soak.
    private static let sample = [
        "build-secret", "code-mounted", "data-in-the-release", "engine-socket", "env-file", "features",
        "include", "jobs",
        "kept-folders", "mysql-secret-files", "network-disk", "postgres", "variables", "volume-options",
    ]

    func testEachShapeIsDeployedOrRefusedWithItsLine() throws {
        try ContainerEngine.require("busybox", "redis:7", "postgres:15", "mysql:8.0", "nginx:stable")
        let names = CrashSweep.isSoak ? ComposeShape.all : Self.sample
        for name in names {
            let shape = try ComposeShape(name)
            defer { shape.end() }
            let (line, complaint) = try shape.deploy()
            print(
                "\(name.padding(toLength: 32, withPad: " ", startingAt: 0)) \(complaint == nil ? line : "WRONG")"
            )
            XCTAssertNil(complaint, "\(name): \(complaint ?? "")")
        }
    }

    func testMostShapesAreToBeDeployed() throws {
        let refused = ComposeShape.all.filter {
            FileManager.default.fileExists(atPath: "\(ComposeShape.folder)/\($0)/refused")
        }
        XCTAssertGreaterThanOrEqual(ComposeShape.all.count, 25)
        XCTAssertLessThanOrEqual(refused.count * 10, ComposeShape.all.count, "\(refused)")
    }
}
