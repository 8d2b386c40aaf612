import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What an application keeps beside its code is noticed; what is made anew by itself is not.
final class StrayTests: XCTestCase {
    private let machine = SimulatedMachine()
    private let release = Sample.timestamp(1)
    private var environment = Environment(name: "production", project: "shop")
    private var site: Site {
        Workspace(ports: machine.deployer().ports, project: machine.project).site(environment)
    }
    private var folder: String { site.layout.release(release) }
    private let database = "SQLite format 3\0 and rows"

    override func setUpWithError() throws {
        environment.sharedFolders = ["uploads"]
        environment.linkedFiles = [".env": "env"]
        machine.files.write("code", to: "\(folder)/app.py")
        machine.files.write("SQLite format 3\0", to: "\(folder)/built.db")
        try machine.files.publish(
            JSON.data(try machine.files.manifest(of: folder, except: [])),
            to: site.layout.releaseManifest(release))
        try machine.files.pointLink("\(folder)/uploads", to: "\(site.layout.shared)/uploads")
        try LinkedFiles(site: site).link(into: release, ["file .env": "KEY=1"])
        try ReleaseSeal(site).recordNoAdditions(of: release)
    }

    private func found() -> [Stray] { ReleaseStrays(site: site).found(in: release) }

    func testAReleaseAsItWasBuiltHasNone() { XCTAssertEqual(found(), []) }

    func testDatabasesAndUploadsAreFound_T19() {
        machine.files.write(database, to: "\(folder)/db.sqlite3")
        machine.files.write("page", to: "\(folder)/media/a b.png")
        XCTAssertEqual(
            found(),
            [
                Stray(path: "db.sqlite3", bytes: Int64(database.utf8.count), isDatabase: true),
                Stray(path: "media/a%20b.png", bytes: 4, isDatabase: false),
            ])
        XCTAssertEqual(
            found().warning(of: release, in: environment),
            "production keeps files in release \(release) that no other release has: db.sqlite3 (a database, 25 B), media/a%20b.png (4 B); copy them out, and let it use DATABASE_URL, or a folder of \"shared\""
        )
    }

    func testWhatIsMadeAnewByItselfIsNone() {
        for path in [
            "__pycache__/app.cpython-311.pyc", "node_modules/.cache/x", "tmp/restart.txt", "web.pid",
            "db.sqlite3-wal",
        ] {
            machine.files.write("x", to: "\(folder)/\(path)")
        }
        machine.files.write("", to: "\(folder)/empty")
        XCTAssertEqual(found(), [])
    }

    func testWhatTheProjectsCommandsMadeCountsWhenItIsADatabaseOrWasWrittenTo() throws {
        machine.files.write("made", to: "\(folder)/assets/app.css")
        machine.files.write("made", to: "\(folder)/counter")
        machine.files.write(database, to: "\(folder)/db.sqlite3")
        try ReleaseSeal(site).recordAdditions(of: release)
        machine.files.write("more than was made", to: "\(folder)/counter")
        XCTAssertEqual(found().map(\.path), ["counter", "db.sqlite3"])
    }

    func testADatabaseOfTheCommitThatWasWrittenToIsFound() {
        machine.files.write(database, to: "\(folder)/built.db")
        XCTAssertEqual(
            found(), [Stray(path: "built.db", bytes: Int64(database.utf8.count), isDatabase: true)])
    }

    func testOfAContainerWhatWasAddedBesideMountsAndPlacesOfTheSystem() {
        let changes = """
            C /app
            A /app/data.db
            A /app/files
            A /app/files/1.png
            A /app/uploads
            A /srv/vol
            A /srv/vol/x
            C /etc/hosts
            A /run/nginx.pid
            A /var/cache/nginx/client_temp
            A /tmp/x
            A /app/__pycache__/a.pyc
            A /sbin/docker-init
            A /usr/sbin/docker-init
            D /app/old
            """
        XCTAssertEqual(
            ContainerStrays.strays(in: changes, beside: ["/app/uploads", "/srv/vol"]),
            [
                Stray(path: "/app/data.db", bytes: nil, isDatabase: true),
                Stray(path: "/app/files/1.png", bytes: nil, isDatabase: false),
            ])
    }
}
