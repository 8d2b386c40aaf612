import DeployTestSupport
import Foundation
import XCTest

/// At three in the morning nobody types: the keeper tells, and tells again when it is over.
final class KeptNoticeTests: XCTestCase {
    func testTheKeeperTellsOfWhatLastsAndOfItsEnd() throws {
        let folder = try makeTestFolder()
        let sink = try MessageSink(in: folder)
        let world = try DeployctlFixture(for: self)
        try world.write("sink/\n", to: ".gitignore")
        try world.write(sink.url, to: "sink/address")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: "\(world.project)/sink/address")
        try world.replace(
            "\"drain\"",
            with:
                #""notify": [{"name": "all", "webhook": {"file": "sink/address"}, "on": ["P0", "drift"]}], "drain""#,
            in: "environments/base.json")
        try world.commit("Tell")
        try world.run("staging").expect(0)
        let link = "\(world.project)/.deployctl/staging/current"
        let release = try FileManager.default.destinationOfSymbolicLink(atPath: link)
        try FileManager.default.removeItem(atPath: link)
        try FileManager.default.createSymbolicLink(
            atPath: link, withDestinationPath: "releases/20200101000000")
        let keeper = try world.start([world.binary, "boot", "run"])
        func events() throws -> [String] { try sink.taken().compactMap { $0["event"] as? String } }
        XCTAssertTrue(eventually(within: 60) { (try? events().contains("drift")) == true })
        try FileManager.default.removeItem(atPath: link)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: release)
        kill(keeper.pid, SIGTERM)
        _ = try keeper.wait()
        try world.run("notifications", "send").expect(0)
        XCTAssertEqual(try events(), ["drift", "recovered"])
        let over = try XCTUnwrap(sink.taken().last)
        XCTAssertEqual(over["incident"] as? String, try sink.taken().first?["incident"] as? String)
    }
}
