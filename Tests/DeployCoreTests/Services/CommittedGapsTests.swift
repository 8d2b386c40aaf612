import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// A submodule's empty folder and a pointer of Git LFS never stand for what they point to.
final class CommittedGapsTests: XCTestCase {
    private let files = MemoryFileStore()
    private var gaps: CommittedGaps { CommittedGaps(files: files) }
    private let pointer = """
        version https://git-lfs.github.com/spec/v1
        oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
        size 12345

        """

    private func unpacked() throws -> CommittedGaps.Found {
        files.write("code", to: "/r/app/main")
        try files.makeFolder("/r/vendor/lib")
        files.write(pointer, to: "/r/public/logo.png")
        files.write("version https://git-lfs.github.com/spec is what this text speaks of", to: "/r/README")
        return try gaps.find(in: "/r")
    }

    private func refuse(_ found: CommittedGaps.Found) throws {
        try gaps.refuse(submodules: found.hollow, pointers: found.pointers, in: "/r")
    }

    func testOnlyWhatGitCallsACommitIsASubmodule() {
        let said =
            "160000 commit 4b825dc6\tvendor/lib\0040000 tree 4b825dc6\tempty\0100644 blob 4b825dc6\ta b\0"
        XCTAssertEqual(CommittedGaps.submodules(in: said), ["vendor/lib"])
    }

    func testBothAreFound_T21() throws {
        XCTAssertEqual(
            try unpacked(),
            CommittedGaps.Found(hollow: ["vendor/lib"], pointers: ["public/logo.png"]))
    }

    func testWhatNobodyFilledIsRefusedByName_T21() throws {
        let found = try unpacked()
        expectError(.gateRefused, "a submodule") { try refuse(found) }
        files.write("fetched", to: "/r/vendor/lib/a.c")
        XCTAssertThrowsError(try refuse(found)) { error in
            let error = error as? DeployError
            XCTAssertEqual(error?.code, .gateRefused)
            XCTAssertEqual(error?.what, "public/logo.png is kept by Git LFS")
        }
        files.write("a picture", to: "/r/public/logo.png")
        XCTAssertNoThrow(try refuse(found))
    }

    func testWhatABuildTookAwayIsNoMatter() throws {
        let found = try unpacked()
        try files.remove("/r/vendor")
        try files.remove("/r/public")
        XCTAssertNoThrow(try refuse(found))
    }
}
