import DeployTestSupport
import XCTest

@testable import DeployCore

/// What the tool makes in a checkout is nothing for git.
final class IgnoredFolderTests: XCTestCase {
    private let files = MemoryFileStore()
    private var folder: IgnoredFolder { IgnoredFolder(files: files, project: "/srv/shop") }

    private func text(_ path: String) throws -> String? {
        try files.read(path).map { String(decoding: $0, as: UTF8.self) }
    }

    func testAFolderThatIsMadeIsIgnored() throws {
        try folder.make("/srv/shop/logs/staging", own: ["deployctl"])
        XCTAssertEqual(try text("/srv/shop/logs/staging/.gitignore"), "*\n")
        files.write("", to: "/srv/shop/.deployctl/staging/lock")
        try folder.makeTool()
        XCTAssertEqual(try text("/srv/shop/.deployctl/.gitignore"), "*\n")
    }

    func testWhatSomebodyElseMadeStaysAsItIs() throws {
        files.write("notes", to: "/srv/shop/logs/README")
        try folder.make("/srv/shop/logs")
        XCTAssertNil(files.kind(of: "/srv/shop/logs/.gitignore"))
        files.write("!keep\n", to: "/srv/shop/.deployctl/.gitignore")
        try folder.makeTool()
        XCTAssertEqual(try text("/srv/shop/.deployctl/.gitignore"), "!keep\n")
        try folder.make("/var/backups/shop")
        XCTAssertNil(files.kind(of: "/var/backups/shop/.gitignore"), "it lies outside the project")
    }
}
