import DeployTestSupport
import Foundation
import XCTest

@testable import DeployAdapters
@testable import DeployCore

/// One more account at a file, and nobody else.
final class AccessListTests: XCTestCase {
    private let files = LocalFileStore()
    private let worker = Account(
        name: "no-such-name", user: 70_001, group: 70_002, groupName: "none", home: "/")
    private let other = Account(
        name: "no-such-name", user: 70_003, group: 70_004, groupName: "none", home: "/")

    private func mode(_ path: String) -> UInt16? { files.permissions(of: path)?.mode }

    func testPassingIsAddedForOneAccount() throws {
        let folder = try makeTestFolder()
        XCTAssertEqual(files.barrier(to: worker, at: folder), Barrier(path: folder, keepsLists: true))
        try files.grant(.added(.passage, worker), at: folder)
        XCTAssertNil(files.barrier(to: worker, at: folder))
        XCTAssertNotNil(files.barrier(to: other, at: folder), "another account stays out")
        XCTAssertEqual(mode(folder), 0o710, "the mask stands in the place of the group")
        chmod(folder, 0o700)
        XCTAssertNotNil(files.barrier(to: worker, at: folder), "who closes the folder closes it for all")
        XCTAssertNil(files.barrier(to: worker, at: "/no/such/folder"))
    }

    func testTheFirstFolderThatIsClosedIsNamed() throws {
        let folder = try makeTestFolder()
        try files.makeFolder("\(folder)/a/b")
        chmod(folder, 0o711)
        XCTAssertEqual(files.barrier(to: worker, at: "\(folder)/a/b")?.path, "\(folder)/a")
    }

    func testWhatTheMaskKeptFromOthersStaysKept() throws {
        let file = "\(try makeTestFolder())/file"
        try files.publish(Data("x".utf8), to: file)
        let open = try XCTUnwrap(Descriptor.open(file, O_RDONLY))
        let shared = AccessList(mode: 0o660).adding(6, for: other.user)
        XCTAssertTrue(shared.write(.own, to: open.number))
        chmod(file, 0o600)
        try files.grant(.added(.reading(dotFiles: false), worker), at: file)
        let list = try XCTUnwrap(AccessList(.own, of: open.number))
        XCTAssertEqual(list, AccessList(mode: 0o600).adding(0, for: other.user).adding(4, for: worker.user))
    }

    func testAnAccountGetsInAlsoWhereAnotherWasAddedBefore() throws {
        let folder = try makeTestFolder()
        try files.grant(.added(.passage, worker), at: folder)
        guard geteuid() == 0 else { throw lacking("superuser") }
        try files.grant(.passage(other), at: folder)
        XCTAssertNil(files.barrier(to: other, at: folder))
        XCTAssertNil(files.barrier(to: worker, at: folder), "what began before goes on")
    }

    func testReadingLeavesOutHiddenNamesAndLinks() throws {
        let folder = try makeTestFolder()
        let outside = try makeTestFolder()
        let names = ["a", ".env", ".well-known/b", "in/c", "in/.git/config"]
        for path in names.map({ "\(folder)/\($0)" }) + ["\(outside)/d"] {
            try files.makeFolder((path as NSString).deletingLastPathComponent)
            try files.publish(Data("x".utf8), to: path)
        }
        symlink("\(outside)/d", "\(folder)/link")
        try files.grant(.added(.reading(dotFiles: false), worker), at: folder)
        XCTAssertEqual(names.map { mode("\(folder)/\($0)") }, [0o640, 0o600, 0o640, 0o640, 0o600])
        XCTAssertEqual(mode("\(outside)/d"), 0o600)
        try files.grant(.added(.reading(dotFiles: true), worker), at: folder)
        XCTAssertEqual(mode("\(folder)/.env"), 0o640)
    }

    func testWhatIsMadeThereLaterIsOpenWhateverTheUmask() throws {
        let folder = try makeTestFolder()
        try files.grant(.added(.reading(dotFiles: false), worker), at: folder)
        let run = try makeTestFolder()
        try files.grant(.added(.sockets, worker), at: run)
        let old = umask(0o077)
        defer { umask(old) }
        XCTAssertTrue(FileManager.default.createFile(atPath: "\(folder)/later", contents: nil))
        let closed = open("\(folder)/closed", O_CREAT | O_WRONLY, 0o600)
        close(closed)
        XCTAssertEqual(mode("\(folder)/later"), 0o640)
        XCTAssertEqual(mode("\(folder)/closed"), 0o600, "closed on purpose")
        let made = open("\(run)/like-a-socket", O_CREAT | O_WRONLY, 0o777)
        close(made)
        XCTAssertEqual(mode("\(run)/like-a-socket"), 0o760)
        try files.publish(Data("x".utf8), to: "\(run)/instance.json")
        XCTAssertEqual(mode("\(run)/instance.json"), 0o600, "deployctl's own stay closed")
    }
}
