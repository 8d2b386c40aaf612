import DeployTestSupport
import Foundation
import XCTest

@testable import DeployAdapters
@testable import DeployCore

final class FolderArchiveTests: XCTestCase {
    func testMoreThanWasPackedEndsTheUnpackingWhileItGoesOn() throws {
        let folder = try makeTestFolder()
        let commands = ProcessCommandRunner(interruption: FakeInterruption())
        let archive = FolderArchive(files: LocalFileStore(), commands: commands)
        let (source, place) = ("\(folder)/source", "\(folder)/place")
        try LocalFileStore().makeFolder(source)
        try Data(count: 64 << 20).write(to: URL(fileURLWithPath: "\(source)/zeros"))
        let packed = try archive.pack(
            source, to: "\(folder)/packed.tar.zst", copying: "\(folder)/copy")
        try archive.unpack("\(folder)/packed.tar.zst", holding: packed, to: place)
        XCTAssertEqual(try LocalFileStore().content(of: place, hashing: true), packed)

        let little = FolderContent(entries: [
            .init(path: "zeros", kind: .file(bytes: 1, sha256: ""), mode: 0o600)
        ])
        XCTAssertThrowsError(
            try archive.unpack("\(folder)/packed.tar.zst", holding: little, to: place)
        ) {
            let error = $0 as? DeployError
            XCTAssertEqual(error?.code, .backupFailed)
            XCTAssertTrue(error?.why.contains("more comes out of it than was put in") ?? false, "\($0)")
        }
        XCTAssertLessThan(
            LocalFileStore().size(of: "\(place)/zeros") ?? 0, 20 << 20, "it ended before all was written")
    }
}
