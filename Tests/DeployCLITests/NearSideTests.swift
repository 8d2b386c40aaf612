import DeployCore
import XCTest

@testable import DeployCLI

/// What is said on the machine that serves is read on another one.
final class NearSideTests: XCTestCase {
    private let error = DeployError(
        .unfinishedRun, what: "A run waits", why: "it was killed",
        next:
            "deployctl resume production, or deployctl abort production; apt-get install nginx; deployctl needs it"
    )

    func testCommandsLeadBackToAHostThatWasTyped() {
        let told = NearSide(host: "deploy@shop.example", isTyped: true).told(error)
        XCTAssertEqual(
            told.next,
            "deployctl -H deploy@shop.example resume production, or deployctl -H deploy@shop.example abort production; apt-get install nginx; deployctl needs it"
        )
        XCTAssertEqual(told.machine, "deploy@shop.example")
        XCTAssertEqual(told.code, .unfinishedRun)
    }

    func testAHostOfTheDefinitionsIsNotTyped() {
        let told = NearSide(host: "deploy@shop.example", isTyped: false).told(error)
        XCTAssertEqual(told.next, error.next)
        let text = ErrorView().text(told)
        XCTAssertTrue(text.contains("\n  on:    deploy@shop.example\n  why:"), text)
        XCTAssertTrue(ErrorView().json(told).contains("\"host\":\"deploy@shop.example\""))
        XCTAssertFalse(ErrorView().text(error).contains("on:"))
        XCTAssertFalse(ErrorView().json(error).contains("host"))
    }
}
