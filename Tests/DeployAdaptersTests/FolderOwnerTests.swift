import DeployTestSupport
import Foundation
import XCTest

@testable import DeployAdapters

/// In another account's folder files are opened with that account's rights, and nothing of the superuser's is left.
final class FolderOwnerTests: XCTestCase {
    private let nobody: uid_t = 65_534

    func testTheSuperusersFurtherGroupsAreLeftBehind() throws {
        guard geteuid() == 0 else { throw XCTSkip("only root acts as somebody else") }
        let folder = try makeTestFolder()
        chown(folder, nobody, nobody)
        let secret = "\(folder)/secret"
        try "of root".write(toFile: secret, atomically: true, encoding: .utf8)
        chown(secret, 0, 0)
        chmod(secret, 0o660)
        let before = threadGroups()
        XCTAssertTrue(setThreadGroups([0, 7]), "as a login of root has it")
        defer { _ = setThreadGroups(before) }
        let owner = FolderOwner(of: "\(folder)/file")
        XCTAssertEqual(owner.acting { access(secret) }, EACCES)
        XCTAssertEqual(access(secret), 0, "afterwards it is the superuser again")
        XCTAssertEqual(threadGroups().sorted(), [0, 7])
    }

    /// The error number of opening it; 0 where it opens.
    private func access(_ path: String) -> Int32 {
        let file = open(path, O_RDWR)
        guard file >= 0 else { return errno }
        close(file)
        return 0
    }
}
