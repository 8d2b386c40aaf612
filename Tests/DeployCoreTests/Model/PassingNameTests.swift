import DeployTestSupport
import XCTest

@testable import DeployCore

final class PassingNameTests: XCTestCase {
    func testItIsReadBackAndNothingElseIsTakenForIt() {
        let path = PassingName.beside("/srv/shop/current", pid: 31_215, number: 9)
        XCTAssertEqual(path, "/srv/shop/.current.31215.9.partial")
        for name in ["current", "app.db", ".a.b", String(repeating: "n", count: 255)] {
            let passing = PassingName.beside("/srv/\(name)", pid: 77, number: .max)
            XCTAssertEqual(PassingName.writer(of: Path.name(passing)), 77, name)
            XCTAssertLessThanOrEqual(Path.name(passing).utf8.count, 255)
        }
        for name in [
            "", ".partial", ".x.partial", ".x.1.partial.tar", "x.1.2.partial", ".x.1.y.partial",
            ".x.y.1.partial",
            "20260101000000.partial",
        ] {
            XCTAssertNil(PassingName.writer(of: name), name)
        }
    }

    func testWhatADeadProcessLeftIsSweptAndALivingOnesIsNot() throws {
        let shop = try Shop()
        let (files, layout) = (shop.machine.files, shop.layout)
        let alive = try shop.machine.processes.start(
            ServiceLaunch(
                command: Command("sleep", []), directory: "/", environment: [:], log: "/dev/null"))
        let places = [
            layout.currentRelease, layout.currentInstance, try XCTUnwrap(layout.databaseLink),
            layout.releaseAdditions(Timestamp(UTC.epoch2000)), "\(layout.backups)/x",
        ]
        let left = places.map { PassingName.beside($0, pid: 4_000_000, number: 3) }
        let growing = places.map { PassingName.beside($0, pid: alive.pid, number: 3) }
        for path in left + growing { files.write("", to: path) }
        _ = try Pruner(shop.site).prune()
        XCTAssertEqual(left.filter(files.listing.contains), [])
        XCTAssertEqual(growing.filter(files.listing.contains), growing)
    }
}
