import XCTest

@testable import DeployCore

/// Lines that messages about a Compose file name.
final class ComposeLinesTests: XCTestCase {
    private static let text = """
        # services: are below
        x-common: &common
          restart: always

        services:
          db:
            image: postgres:15
            environment:
              POSTGRES_PASSWORD: ${DB_PASSWORD}
          # web: comes next
          "web":
            <<: *common
            volumes:
            - ./data:/data
            - ./more:/more
            privileged: true
        volumes:
          web: {}
        """

    func testAKeyIsFoundWhereItStandsOrAtTheNearestOneAbove() {
        let lines = ComposeLines(Self.text)
        for (path, line) in [
            ("services", 5), ("services.db", 6), ("services.db.environment", 8), ("services.web", 11),
            ("services.web.volumes", 13), ("services.web.privileged", 16), ("volumes.web", 18),
            ("services.web.restart", 11), ("services.web.volumes.bind.propagation", 13),
        ] {
            XCTAssertEqual(lines.line(of: path), line, path)
        }
        XCTAssertNil(lines.line(of: "networks.front"))
        XCTAssertEqual(lines.line(naming: "DB_PASSWORD"), 9)
        XCTAssertNil(ComposeLines("").line(of: "services"))
    }

    func testARefusalNamesItsLine() throws {
        var file = try ComposeFixture.file()
        file.text = Self.text
        XCTAssertEqual(
            file.refusal("services.web.privileged", "", next: "").what,
            "services.web.privileged of compose.yml is refused (line 16)")
    }
}
