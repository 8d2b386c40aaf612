import DeployTestSupport
import Foundation
import XCTest

/// The pages as a browser shows them: on a telephone and on a desk, by day and by night.
final class ReportBrowserTests: XCTestCase {
    func testEverybodyCanReadBothPages() throws {
        try require("chromium")
        let world = try DeployctlFixture(for: self)
        try world.run("staging").expect(0)
        try world.promote()
        for _ in 0..<4 { _ = world.get("/version", from: "production") }
        try world.commit(["app/health": "500"], "Break")
        try world.run("staging").expect(15)
        try world.run("metrics").expect(0)
        struct History: Decodable {
            struct Run: Decodable { let timestamp: String }
            let deployments: [Run]
        }
        let newest = try world.run("history", "production", "--json").expect(0).json(History.self)
        let pages = [
            try world.run("report").expect(0).output,
            try world.run("report", try XCTUnwrap(newest.deployments.first?.timestamp)).expect(0).output,
        ]
        let browser = Browser(in: try makeTestFolder())
        for page in pages {
            for (width, isDark) in [(360, false), (360, true), (1280, false), (1280, true)] {
                let sight = try browser.look(at: page, width: width, dark: isDark)
                XCTAssertEqual(sight.faults, [], "\(width) \(isDark)")
                XCTAssertEqual(sight.width, width)
                XCTAssertEqual(sight.isDark, isDark)
                XCTAssertGreaterThan(sight.measured, 50)
                XCTAssertGreaterThanOrEqual(sight.lowest, 4.5)
            }
        }
    }

    func testABrowserSeesWhatNobodyCanRead() throws {
        try require("chromium")
        let page = """
            <!DOCTYPE html><html lang="en"><head>
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>t</title></head><body><header><h1>t</h1></header><main><p style="color:#999">pale</p>
            <div style="width:900px">wide</div><section>nameless</section></main></body></html>
            """
        let faults = try Browser(in: try makeTestFolder()).look(at: page, width: 360, dark: false).faults
        for part in ["P pale: 2.8", "0 of body > footer", "SECTION has no name", "pixels wide"] {
            XCTAssertTrue(faults.contains { $0.contains(part) }, "\(part): \(faults)")
        }
    }
}
