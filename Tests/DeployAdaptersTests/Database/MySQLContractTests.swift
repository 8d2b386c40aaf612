import DeployTestSupport
import XCTest

@testable import DeployCore

final class MySQLContractTests: DatabaseContract {
    private var place: MySQLPlace?

    override func makeWorld() throws -> World {
        let place = try MySQLPlace(for: self)
        self.place = place
        return World(
            database: place.engine(), root: place.folder, live: place.live, undoesSchemas: false)
    }

    func testWhoIsNotLetInIsDenied() throws {
        var place = try XCTUnwrap(place)
        try place.writeSecret("wrong", to: "password")
        guard case .denied(let error) = try place.engine().reach(place.live) else {
            return XCTFail("a wrong password")
        }
        XCTAssertTrue(error.why.contains("Access denied"), error.why)
        XCTAssertThrowsError(try place.engine().exists(place.live), "what is denied is not missing")
        place.definition.port = 1
        XCTAssertThrowsError(
            try place.engine().reach(place.live), "a server that is not there denies nothing")
    }

    func testTheContainersClientsReadWhatTheyNeedFromAFile() throws {
        var place = try XCTUnwrap(place)
        XCTAssertNil(place.engine().clientFile([:]), "its clients run on this machine")
        place.definition.service = "database"
        place.definition.admin = .init(user: "root")
        let file = try XCTUnwrap(
            place.engine().clientFile(["DATABASE_ADMIN_PASSWORD": #"a"b\c"#, "DATABASE_PASSWORD": "d"]))
        XCTAssertEqual(
            file.text,
            """
            [client]
            user="root"
            password="a\\"b\\\\c"
            [client_application]
            user="\(place.definition.user ?? "")"
            password="d"

            """)
        XCTAssertEqual(file.path, "/run/secrets/deployctl-client.cnf")
    }
}
