import DeployTestSupport
import XCTest

@testable import DeployCore

final class PostgreSQLContractTests: DatabaseContract {
    private var place: PostgreSQLPlace?

    override func makeWorld() throws -> World {
        let place = try PostgreSQLPlace(for: self)
        self.place = place
        return World(database: place.engine(), root: place.folder, live: place.live)
    }

    func testNamesOfPurposesAreFoundBesideTheLiveOne() throws {
        let world = try world
        let place = try XCTUnwrap(place)
        let made = ["", "_reader", "_retired"].map { place.location("live__20260101120000\($0)") }
        for each in made + [world.live, place.location("live__2026"), place.location("live_more")] {
            try world.database.create(each)
        }
        XCTAssertEqual(try world.database.siblings(of: world.live), made)
    }

    func testANameTheServerWouldCutOffIsRefused() throws {
        let long = try XCTUnwrap(place).location(String(repeating: "x", count: 64))
        XCTAssertThrowsError(try world.database.create(long))
        XCTAssertThrowsError(try world.database.exists(long))
    }

    func testWhoIsNotLetInIsDenied() throws {
        let place = try XCTUnwrap(place)
        var environment = place.layout().environment
        environment.database?.admin = nil
        let wrong = place.engine(
            appPassword: "wrong", layout: Layout(project: place.folder, environment: environment))
        guard case .denied(let error) = try wrong.reach(place.live) else {
            return XCTFail("a wrong password")
        }
        XCTAssertTrue(error.why.contains("authentication failed"), error.why)
        XCTAssertThrowsError(try wrong.exists(place.live), "what is denied is not missing")
        environment.database?.port = 1
        let absent = place.engine(layout: Layout(project: place.folder, environment: environment))
        XCTAssertThrowsError(try absent.reach(place.live), "a server that is not there denies nothing")
    }
}
