import XCTest

@testable import DeployCore

final class FeatureShareTests: XCTestCase {
    func testWhatIsTypedIsUnderstoodAndShownAgain() {
        for (text, percent) in [("on", 100), ("off", 0), ("25%", 25), ("1%", 1)] {
            XCTAssertEqual(FeatureShare(text)?.percent, percent, text)
            XCTAssertEqual(FeatureShare(text)?.description, text)
        }
        XCTAssertEqual(FeatureShare("100%")?.description, "on")
        XCTAssertEqual(FeatureShare("0%")?.description, "off")
    }

    func testAnythingElseIsNone() {
        for text in ["", "%", "25", "101%", "-1%", "+5%", "05%", "2.5%", "ON", "true", "25%%", " 25%", "٢٥%"]
        {
            XCTAssertNil(FeatureShare(text), text)
        }
    }

    func testAVariableIsNamedAfterIt() {
        XCTAssertEqual(Environment.featureVariable("new-cart"), "FEATURE_NEW_CART")
    }
}
