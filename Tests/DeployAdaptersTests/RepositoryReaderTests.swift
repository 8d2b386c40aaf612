import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// A repository may hold anything; looking at it is bounded and leaves it.
final class RepositoryReaderTests: XCTestCase {
    func testLinksPipesAndHugeFilesAreNotReadAndStrangeNamesNotTold() throws {
        let folder = try makeTestFolder()
        let outside = "\(folder)/outside.py"
        try Data("os.environ[\"STOLEN\"]".utf8).write(to: URL(fileURLWithPath: outside))
        let project = "\(folder)/p"
        try FileManager.default.createDirectory(atPath: "\(project)/sub", withIntermediateDirectories: true)
        func put(_ name: String, _ data: Data) throws {
            try data.write(to: URL(fileURLWithPath: "\(project)/\(name)"))
        }
        try put("app.py", Data([0xFF, 0xFE, 0x0A]) + Data("os.environ[\"MINE\"]".utf8))
        try put("sub/a\nb.py", Data("os.environ[\"NEWLINE\"]".utf8))
        try put("-x.py", Data("os.environ[\"HYPHEN\"]".utf8))
        try put("huge.py", Data(count: 600 << 10))
        try FileManager.default.createSymbolicLink(atPath: "\(project)/link.py", withDestinationPath: outside)
        try FileManager.default.createSymbolicLink(atPath: "\(project)/loop", withDestinationPath: ".")
        XCTAssertEqual(mkfifo("\(project)/pipe.py", 0o600), 0)

        let found = RepositoryReader(files: LocalFileStore(), folder: project).read()
        XCTAssertEqual(found.paths.sorted(), ["app.py", "huge.py"])
        XCTAssertEqual(found.code.map(\.path), ["app.py"])
        XCTAssertTrue(found.text("app.py")?.contains("MINE") == true)
        XCTAssertTrue(found.isWhole)
    }

    func testNoMoreIsReadThanTheBoundsAndWhatIsNearTheRootComesFirst() throws {
        let folder = try makeTestFolder()
        for number in 0..<30 {
            let place = "\(folder)/a\(number)"
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            try Data("x".utf8).write(to: URL(fileURLWithPath: "\(place)/x.py"))
        }
        try Data("web: ./run".utf8).write(to: URL(fileURLWithPath: "\(folder)/Procfile"))
        var reader = RepositoryReader(files: LocalFileStore(), folder: folder)
        reader.bounds.files = 10
        let found = reader.read()
        XCTAssertFalse(found.isWhole)
        XCTAssertLessThanOrEqual(found.paths.count, 10)
        reader.bounds.files = 40
        XCTAssertEqual(reader.read().paths.first, "Procfile")
        reader.bounds.total = 12
        XCTAssertLessThan(reader.read().code.count, 5)
    }
}
