import DeployTestSupport
import Foundation
import XCTest

/// The warehouse system under clients that never try twice.
final class WarehouseTrafficTests: XCTestCase {
    private var world: WarehouseWorld!

    override func setUpWithError() throws {
        world = try WarehouseWorld(
            for: self,
            changing: [
                "environments/base.json": [
                    ("\"project\": \"wms\",", "\"project\": \"wms\", \"watch\": \"1s\",")
                ]
            ])
    }

    private static var isSoak: Bool { ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] == "1" }

    /// Cutovers are restarts, deployments of new data and promotions: 75 of production and 50 of staging in a soak, one each
    /// otherwise.
    ///
    /// T16, T24 of the data half: in a rollback reads go on, writes wait for the swap, and the printed undo brings all back.
    func testCutoversAndARollbackLoseNoRequest_T22() throws {
        try world.promote()
        try cutOver(Self.isSoak ? 1...100 : 3...4)
        try rollBackAndForth()
    }

    private func cutOver(_ numbers: ClosedRange<Int>) throws {
        let (staging, production) = (
            try WarehouseLoad(world, "staging"), try WarehouseLoad(world, "production")
        )
        for number in numbers {
            switch number % 4 {
            case 1:
                let page = ["environments/wms/frontend/public/number.txt": "\(number)\n"]
                try world.commit(page, "Change the page, \(number)")
                try world.promote()
            case 0: try world.run("restart", "staging").expect(0)
            default: try world.run("restart", "production").expect(0)
            }
        }
        // What the clients move is there before the moment that comes back.
        XCTAssertTrue(eventually(within: 30) { (try? items().contains { $0.hasPrefix("load-") }) == true })
        for (name, load) in [("staging", staging), ("production", production)] {
            let summary = try load.stop()
            print(
                "\(name): \(summary.requests) requests, \(summary.failed) failed, writes refused for \(summary.refusedMs) ms, \(summary.written) written"
            )
            XCTAssertEqual(summary.failed, 0, "\(name): \(summary.complaint)")
            XCTAssertGreaterThan(summary.requests, 20 * numbers.count)
        }
    }

    private func rollBackAndForth() throws {
        let before = try items()
        let uploads = ".deployctl/production/shared/uploads"
        try world.write("\"of the first release\"", to: "\(uploads)/kept.json")
        try world.commit(["environments/wms/frontend/public/two.txt": "two\n"], "A second release")
        try world.promote()
        _ = try world.query(
            "production", "INSERT INTO warehouse_wms.items (sku, name) VALUES ('later', 'written after')")

        try world.write("\"changed\"", to: "\(uploads)/kept.json")
        try world.write("\"new\"", to: "\(uploads)/new.json")

        let load = try WarehouseLoad(world, "production")
        XCTAssertTrue(eventually(within: 20) { (try? items().contains { $0.hasPrefix("load-") }) == true })
        let back = ["--environment", "production", "--confirm", "CONFIRM"]
        let rollback = try world.run(["rollback", "previous"] + back).expect(0)
        let summary = try load.stop()
        print(
            "rollback: \(summary.requests) requests, \(summary.failed) failed, writes refused for \(summary.refusedMs) ms"
        )
        XCTAssertEqual(summary.failed, 0, summary.complaint)
        XCTAssertGreaterThan(summary.written, 10, "writes went through before and after")
        XCTAssertGreaterThan(summary.refusedMs, 0, "and were held meanwhile")
        XCTAssertEqual(try items(), before, "the data of the first release is back")
        XCTAssertEqual(try upload("kept.json"), "\"of the first release\"", "and its files, in the container")
        XCTAssertNil(try upload("new.json"))
        XCTAssertFalse(
            FileManager.default.fileExists(
                atPath:
                    "\(world.project)/.deployctl/production/current/environments/wms/frontend/public/two.txt")
        )

        let text = rollback.output + rollback.errors
        let undo = try XCTUnwrap(
            text.firstMatch(of: /deployctl rollback (\d{14}) --environment production/), text)
        try world.run(["rollback", String(undo.1)] + back).expect(0)
        XCTAssertTrue(try items().contains("later"), "the undo brings the later rows back")
        XCTAssertEqual(try upload("kept.json"), "\"changed\"", "and the later files")
        XCTAssertEqual(try upload("new.json"), "\"new\"")
        try world.run("status", "production").expect(0)
    }

    /// What the backend answers for an uploaded file; nil when it has none of that name.
    private func upload(_ name: String) throws -> String? {
        let answer = try world.request("https://localhost/uploads/\(name)")
        return answer.status == 200 ? answer.body : nil
    }

    private func items() throws -> [String] {
        try world.query("production", "SELECT sku FROM warehouse_wms.items ORDER BY sku")
    }
}
