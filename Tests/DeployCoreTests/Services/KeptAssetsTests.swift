import Foundation
import XCTest

@testable import DeployCore

/// Which files of an older release are still served, and until when.
final class KeptAssetsTests: XCTestCase {
    private func matches(_ pattern: String, _ text: String) -> Bool {
        text.range(of: pattern, options: .regularExpression) != nil
    }

    func testOnlyNamesThatCarryAHashCount() {
        for path in [
            "/app-1a2b3c4d.js", "/assets/index-DiwrgTda.js", "/assets/index-B_x-12Ab.css",
            "/static/js/2.1a2b3c4d.chunk.js", "/main.deadbeef.css.map", "/app.55e7cbb9ba48.js",
            "/_next/static/Xy12abCdEfGhIjKlMnOpQ/_buildManifest.js", "/chunk-5ABCDEF2.js", "/1a2b3c4d.js",
        ] { XCTAssertTrue(matches(KeptAssets.hashed, path), path) }
        for path in [
            "/", "/app.js", "/about.html", "/index-component.js", "/jquery.datepicker.min.js", "/a/b/c",
            "/.hidden-1a2b3c4d.js", "/.git/app-1a2b3c4d.js", "/v1/readme.txt", "/app-1a2b3c4d",
        ] { XCTAssertFalse(matches(KeptAssets.hashed, path), path) }
    }

    func testATimeIsComparedAsANumber() {
        for end in [1_764_280_000, 1_700_000_000, 1_999_999_999, 2_000_000_000] {
            let pattern = "^" + KeptAssets.pattern(before: Date(timeIntervalSince1970: Double(end)))
            for step in [1, 2, 10, 999, 5_000, 100_000_000] {
                XCTAssertTrue(matches(pattern, "\(end - step).999"), "\(end) - \(step)")
                XCTAssertFalse(matches(pattern, "\(end + step - 1).000"), "\(end) + \(step) - 1")
            }
        }
    }
}
