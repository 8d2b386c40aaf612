import XCTest

@testable import DeployCore

/// Mounts that the definition keeps in the shared folder, whatever the Compose file says.
final class SharedMountsTests: XCTestCase {
    func testAFolderOfTheReleaseThatIsSharedIsMountedFromWhereItIsKept() throws {
        let cases = [
            ("/p/data", "/e/shared/data"), ("/p/data/", "/e/shared/data"),
            ("/p/data/a$$b", "/e/shared/data/a$$b"),
            ("/p/database", "/p/database"), ("/p", "/p"), ("/data", "/data"), ("/p/app/data", "/p/app/data"),
        ]
        for (source, place) in cases {
            XCTAssertEqual(
                try sources([("bind", source, "/x")]) { $0.sharedFolders = ["data"] }, [place], source)
        }
        XCTAssertEqual(
            try sources([("volume", "/p/data", "/x")]) { $0.sharedFolders = ["data"] }, ["/p/data"], "no bind"
        )
    }

    func testAFolderOfTheMachineIsReplacedByTheSharedOneOfItsPlace() throws {
        let mounts = [
            ("bind", "/root/world", "/world/"), ("bind", "/p/conf", "/conf"), ("volume", "cache", "/c"),
        ]
        XCTAssertEqual(
            try sources(mounts) {
                $0.sharedFolders = ["world"]
                $0.services[0].mounts = ["/world": "world/now"]
            }, ["/e/shared/world/now", "/p/conf", "cache"])
    }

    func testAPlaceAtWhichNothingOfTheMachineIsMountedIsRefused() throws {
        for mounts in [[], [("bind", "/root/world", "/worlds")], [("volume", "world", "/world")]] {
            XCTAssertThrowsError(
                try sources(mounts) {
                    $0.sharedFolders = ["world"]
                    $0.services[0].mounts = ["/world": "world"]
                }
            ) {
                let error = $0 as? DeployError
                XCTAssertEqual(error?.code, .invalidDefinition)
                XCTAssertEqual(error?.why.contains("nothing of the machine is mounted at /world,"), true)
            }
        }
    }

    private func sources(
        _ mounts: [(type: String, source: String, target: String)], _ change: (inout Environment) -> Void
    )
        throws -> [String]
    {
        let file = try ComposeFixture.file { tree in
            tree["services"]?["web"]?["volumes"] = .list(
                mounts.map {
                    .object(["type": .text($0.type), "source": .text($0.source), "target": .text($0.target)])
                })
        }
        let moved = try SharedMounts(
            environment: ComposeFixture.environment(change), shared: "/e/shared", release: "/p", file: file
        ).moved()
        return (moved["services"]?["web"]?["volumes"]?.items ?? []).compactMap { $0["source"]?.text }
    }
}
