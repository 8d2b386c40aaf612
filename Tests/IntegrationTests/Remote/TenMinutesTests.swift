import DeployTestSupport
import Foundation
import XCTest

/// The page that leads from a laptop to a server does what it says, typed as it stands there, for projects that are not ours.
///
/// One stranger's project; eight of them with `DEPLOYCTL_SOAK=1 swift test --filter TenMinutesTests`.
final class TenMinutesTests: XCTestCase {
    private static let some: [Stranger] = [.node]
    private static let all = some + [.site, .odd, .live, .monorepo, .procfile, .fastapi, .go]

    func testAStrangersProjectIsServedByARentedMachine() throws {
        let isSoak = ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] == "1"
        var rows = ["project     lines  in production  in all"]
        for stranger in isSoak ? Self.all : Self.some {
            do {
                let world = try FreshServer(
                    "ten", sources: "\(ProjectWorld.package)/Tests/Applications/\(stranger.folder)/one",
                    for: self)
                var story = RentedStory(world, stranger)
                try story.tell()
                rows.append(story.row)
            } catch { XCTFail("\(stranger.folder): \(error)") }
            print(rows.joined(separator: "\n"))
        }
    }
}
