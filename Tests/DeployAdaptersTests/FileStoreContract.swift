import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What every `FileStore` keeps, a test for each law.
///
/// Here the imitation is tried; the disk's subclass gives a store of its own.
class FileStoreContract: XCTestCase {
    /// A store, and a folder in it that nobody else uses.
    func open() throws -> (files: any FileStore, folder: String) {
        let files = MemoryFileStore()
        try files.makeFolder("/contract")
        return (files, "/contract")
    }

    private(set) var files: any FileStore = MemoryFileStore()
    private(set) var folder = ""

    override func setUpWithError() throws { (files, folder) = try open() }

    func testNothingIsKnownOfWhatIsNotThere() throws {
        let path = "\(folder)/file"
        XCTAssertNil(try files.read(path))
        XCTAssertNil(files.kind(of: path))
        XCTAssertNil(files.size(of: path))
        XCTAssertNil(files.permissions(of: path))
        XCTAssertNil(files.identity(of: path))
        XCTAssertEqual(files.names(in: path), [])
    }

    func testPublishingReplacesTheWholeFile() throws {
        let path = "\(folder)/file"
        try files.publish(Data("one".utf8), to: path)
        XCTAssertEqual(try files.read(path), Data("one".utf8))
        try files.publish(Data("second".utf8), to: path)
        XCTAssertEqual(try files.read(path), Data("second".utf8))
        XCTAssertEqual(files.size(of: path), 6)
        XCTAssertEqual(files.kind(of: path), .file)
        XCTAssertEqual(files.permissions(of: path), FilePermissions(mode: 0o600, ownedByUser: true))
        XCTAssertEqual(files.names(in: folder), ["file"], "no temporary file stays behind")
        expectError(.unexpected, "publishing into no folder") {
            try files.publish(Data(), to: "\(folder)/none/file")
        }
    }

    func testAnEmptyFileIsAFile() throws {
        let path = "\(folder)/empty"
        try files.publish(Data(), to: path)
        XCTAssertEqual(try files.read(path), Data())
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        XCTAssertEqual(try files.digest(of: path), FileDigest(bytes: 0, sha256: empty))
        expectError(.unexpected, "hashing nothing") { _ = try files.digest(of: "\(folder)/none") }
    }

    func testACopyIsANewFileAndSaysItsDigest() throws {
        try files.publish(Data("second".utf8), to: "\(folder)/file")
        let digest = try files.copy("\(folder)/file", to: "\(folder)/copy", atMost: 6)
        XCTAssertEqual(digest, FileDigest(bytes: 6, sha256: SHA256.hexadecimal(of: "second")))
        XCTAssertEqual(try files.read("\(folder)/copy"), Data("second".utf8))
        expectError(.unexpected, "copying onto a file that is there") {
            _ = try files.copy("\(folder)/file", to: "\(folder)/copy", atMost: 6)
        }
        expectError(.unexpected, "copying nothing") {
            _ = try files.copy("\(folder)/none", to: "\(folder)/x", atMost: 6)
        }
    }

    func testACopyEndsWhereMoreComesThanWasExpected() throws {
        try files.publish(Data(count: 8 << 20), to: "\(folder)/file")
        let digest = try files.copy("\(folder)/file", to: "\(folder)/copy", atMost: 10)
        XCTAssertGreaterThan(digest.bytes, 10)
        XCTAssertLessThan(digest.bytes, 4 << 20)
        XCTAssertEqual(files.size(of: "\(folder)/copy"), digest.bytes)
    }

    func testRenamingReplacesWhatIsThere() throws {
        try files.publish(Data("old".utf8), to: "\(folder)/file")
        try files.publish(Data("new".utf8), to: "\(folder)/next")
        try files.rename("\(folder)/next", to: "\(folder)/file")
        XCTAssertNil(files.kind(of: "\(folder)/next"))
        XCTAssertEqual(try files.read("\(folder)/file"), Data("new".utf8))
        expectError(.unexpected, "moving nothing") {
            try files.rename("\(folder)/none", to: "\(folder)/file")
        }
    }

    func testRemovingMayBeRepeated() throws {
        try files.publish(Data("x".utf8), to: "\(folder)/file")
        for _ in 1...2 {
            try files.remove("\(folder)/file")
            XCTAssertEqual(files.names(in: folder), [])
        }
        try files.remove(folder)
        XCTAssertNil(files.kind(of: folder), "a removed folder is gone")
    }

    func testThereIsRoomAlsoWhereNothingIsYet() throws {
        XCTAssertGreaterThan(files.freeBytes(at: "\(folder)/not/there/yet") ?? 0, 0)
    }

    func testFoldersAreMadeDeepAndListedInByteOrder() throws {
        for _ in 1...2 { try files.makeFolder("\(folder)/a/b/c") }
        XCTAssertEqual(files.kind(of: "\(folder)/a/b"), .folder)
        XCTAssertEqual(
            files.permissions(of: "\(folder)/a/b"), FilePermissions(mode: 0o700, ownedByUser: true))
        for name in ["z", "A", ".hidden"] { try files.publish(Data("x".utf8), to: "\(folder)/a/\(name)") }
        XCTAssertEqual(files.names(in: "\(folder)/a"), [".hidden", "A", "b", "z"])
        expectError(.unexpected, "a folder where a file is") { try files.makeFolder("\(folder)/a/z") }
        try files.rename("\(folder)/a", to: "\(folder)/moved")
        XCTAssertEqual(try files.read("\(folder)/moved/z"), Data("x".utf8))
        try files.remove("\(folder)/moved")
        XCTAssertEqual(files.names(in: folder), [])
    }

    func testAFoldersContentIsListedWithAnyNameAndReadBack() throws {
        let one = "\(folder)/one"
        try fill(one)
        let content = try files.content(of: one, hashing: true)
        let paths = ["Gr%C3%B6%C3%9Fe%209%25.txt", "empty", "link"]
        XCTAssertEqual(
            content.entries.map(\.path), paths, "any name, links, and folders with nothing in them")
        XCTAssertEqual(content.entries.map(\.mode), [0o600, 0o700, 0])
        XCTAssertEqual(
            content.entries.map(\.kind),
            [.file(bytes: 1, sha256: SHA256.hexadecimal(of: "a")), .folder, .link(target: "a%20b")])
        XCTAssertEqual(FolderContent(lines: content.lines), content, "a listing is read back as it was")
        XCTAssertEqual(content.files, 2)
        XCTAssertEqual(
            try files.content(of: one, hashing: false).entries.first?.kind, .file(bytes: 1, sha256: ""))
        expectError(.unexpected, "the content of nothing") {
            _ = try files.content(of: "\(folder)/none", hashing: true)
        }
    }

    func testAnExchangeTakesIdentityAndContentAlong() throws {
        let (one, other) = ("\(folder)/one", "\(folder)/other")
        try fill(one)
        try files.makeFolder(other)
        let content = try files.content(of: one, hashing: true)
        let identity = try XCTUnwrap(files.identity(of: one))
        XCTAssertNotEqual(files.identity(of: other), identity)
        try files.exchange(one, with: other)
        XCTAssertEqual(files.identity(of: other), identity, "what a folder is goes with it to its new name")
        XCTAssertEqual(try files.content(of: other, hashing: true), content)
        XCTAssertEqual(files.names(in: one), [])
        expectError(.unexpected, "exchanging with nothing") {
            try files.exchange(one, with: "\(folder)/none")
        }
    }

    func testOnlyWhatIsThereIsMadeDurable() throws {
        try fill("\(folder)/one")
        try files.makeDurable("\(folder)/one")
        expectError(.unexpected, "making nothing durable") { try files.makeDurable("\(folder)/none") }
    }

    func testALinkIsPointedAndRemovedWithoutItsTarget() throws {
        try files.makeFolder("\(folder)/target")
        try files.publish(Data("kept".utf8), to: "\(folder)/target/file")
        XCTAssertNil(files.linkTarget("\(folder)/current"))
        try files.pointLink("\(folder)/current", to: "nowhere")
        try files.pointLink("\(folder)/current", to: "target")
        XCTAssertEqual(files.linkTarget("\(folder)/current"), "target")
        XCTAssertEqual(files.kind(of: "\(folder)/current"), .link)
        XCTAssertNil(files.linkTarget("\(folder)/target"), "a folder is no link")
        XCTAssertEqual(files.names(in: folder), ["current", "target"])
        try files.remove("\(folder)/current")
        XCTAssertEqual(
            try files.read("\(folder)/target/file"), Data("kept".utf8), "removing a link keeps its target")
    }

    func testRemovalFollowsNoLink() throws {
        try files.makeFolder("\(folder)/target")
        try files.publish(Data("kept".utf8), to: "\(folder)/target/file")
        try files.makeFolder("\(folder)/holder")
        try files.pointLink("\(folder)/holder/link", to: "\(folder)/target")
        try files.remove("\(folder)/holder")
        XCTAssertEqual(try files.read("\(folder)/target/file"), Data("kept".utf8))
    }

    func testAManifestListsFilesByTheirWholePathAndLeavesOutWhatItIsTold() throws {
        XCTAssertEqual(
            try release().entries,
            [
                .init(path: "a.b", content: .file(sha256: SHA256.hexadecimal(of: "2"), executable: false)),
                .init(path: "a/file", content: .file(sha256: SHA256.hexadecimal(of: "1"), executable: false)),
                .init(path: "link", content: .link(target: "a/file")),
            ], "entries come in byte order of their whole path")
        expectError(.unexpected, "a manifest of nothing") {
            _ = try files.manifest(of: "\(folder)/none", except: [])
        }
    }

    func testOnlyWhatAManifestSaysIsCopied() throws {
        let (manifest, release) = (try release(), "\(folder)/release")
        try files.copy(manifest, from: release, to: "\(folder)/copied")
        XCTAssertEqual(try files.manifest(of: "\(folder)/copied", except: []), manifest)
        try files.publish(Data("X".utf8), to: "\(release)/a/file")
        expectError(.gateRefused, "a changed byte") {
            try files.copy(manifest, from: release, to: "\(folder)/second")
        }
        try files.remove("\(release)/a/file")
        expectError(.gateRefused, "a missing file") {
            try files.copy(manifest, from: release, to: "\(folder)/third")
        }
    }

    func testBelowAFolderLinksAreFollowedThatStayThere() throws {
        let release = "\(folder)/release"
        try files.makeFolder("\(release)/storage/inner")
        try files.publish(Data("1".utf8), to: "\(release)/storage/file")
        try files.pointLink("\(release)/data", to: "storage")
        try files.pointLink("\(release)/storage/inner/up", to: "../file")
        XCTAssertEqual(try files.read("data/file", beneath: release), Data("1".utf8))
        XCTAssertEqual(try files.read("data/inner/up", beneath: release), Data("1".utf8))
        XCTAssertNil(try files.read("data/none", beneath: release))
        XCTAssertEqual(try files.names(in: "data", beneath: release), ["file", "inner"])
        XCTAssertEqual(try files.names(in: "none", beneath: release), [])
        try files.remove("data/inner", beneath: release)
        XCTAssertEqual(files.names(in: "\(release)/storage"), ["file"])
        try files.remove("data/none/deeper", beneath: release)
        try files.pointLink("data/shared", to: "/elsewhere", beneath: release)
        XCTAssertEqual(files.linkTarget("\(release)/storage/shared"), "/elsewhere")
        try files.pointLink("data/shared", to: "/else", beneath: release)
        XCTAssertEqual(files.linkTarget("\(release)/storage/shared"), "/else", "a link is replaced")
        try files.makeFolder("\(release)/full/inner")
        try files.pointLink("full", to: "/else", beneath: release)
        XCTAssertEqual(files.linkTarget("\(release)/full"), "/else", "and so is a folder")
        try files.pointLink("a/b/c", to: "/else", beneath: release)
        XCTAssertEqual(files.kind(of: "\(release)/a/b"), .folder, "folders on the way are made")
        try files.remove("data", beneath: release)
        XCTAssertEqual(
            files.names(in: "\(release)/storage"), ["file", "shared"], "a link goes, not its folder")
    }

    func testNothingLeadsOutOfAFolder() throws {
        let (release, outside) = ("\(folder)/release", "\(folder)/outside")
        try files.makeFolder("\(release)/inner")
        try files.makeFolder("\(outside)/uploads")
        try files.publish(Data("precious".utf8), to: "\(outside)/uploads/file")
        try files.pointLink("\(release)/absolute", to: outside)
        try files.pointLink("\(release)/relative", to: "../outside")
        try files.pointLink("\(release)/inner/over", to: "../../outside")
        try files.pointLink("\(release)/through", to: "inner/over")
        try files.pointLink("\(release)/file", to: "\(outside)/uploads/file")
        for way in ["absolute", "relative", "inner/over", "through", "../outside"] {
            expectError(.gateRefused, "reading through \(way)") {
                _ = try files.read("\(way)/uploads/file", beneath: release)
            }
            expectError(.gateRefused, "listing \(way)") { _ = try files.names(in: way, beneath: release) }
            expectError(.gateRefused, "removing through \(way)") {
                try files.remove("\(way)/uploads", beneath: release)
            }
            expectError(.gateRefused, "a link through \(way)") {
                try files.pointLink("\(way)/uploads", to: "/else", beneath: release)
            }
        }
        expectError(.gateRefused, "reading a link at the end") {
            _ = try files.read("file", beneath: release)
        }
        expectError(.unexpected, "reading a folder") { _ = try files.read("inner", beneath: release) }
        XCTAssertEqual(try files.read("\(outside)/uploads/file"), Data("precious".utf8))
    }

    func testWhatIsListedIsMovedAndGivenRights() throws {
        let (release, aside) = ("\(folder)/release", "\(folder)/aside")
        try files.makeFolder("\(release)/Größe")
        for text in ["1", "2"] {
            try files.publish(Data(text.utf8), to: "\(release)/Größe/a b")
            try files.move(listed: "Gr%C3%B6%C3%9Fe/a%20b", from: release, to: aside)
        }
        XCTAssertEqual(
            try files.read("\(aside)/Größe/a b"), Data("2".utf8), "the later one replaces the other")
        XCTAssertEqual(files.names(in: "\(release)/Größe"), [])
        try files.move(listed: "none", from: release, to: aside)
        try files.publish(Data(), to: "\(release)/file")
        try files.setMode(0o640, ofListed: "file", beneath: release)
        XCTAssertEqual(files.permissions(of: "\(release)/file")?.mode, 0o640)
    }

    func testALockIsGivenOnceAndSaysWhoHoldsIt() throws {
        let path = "\(folder)/lock"
        var held = try files.lock(path)
        XCTAssertNotNil(held)
        XCTAssertNil(try files.lock(path), "a held lock is not given twice")
        held?.describe("a long description of the holder")
        held?.describe("short")
        XCTAssertEqual(try files.read(path), Data("short".utf8))
        held = nil
        XCTAssertNotNil(try files.lock(path), "dropping the last reference releases the lock")
    }

    func testOnlyAFileIsLocked() throws {
        try files.makeFolder("\(folder)/folder")
        expectError(.unexpected, "a lock on a folder") { _ = try files.lock("\(folder)/folder") }
        try files.publish(Data(), to: "\(folder)/lock")
        try files.pointLink("\(folder)/link", to: "lock")
        expectError(.unexpected, "a lock through a link") { _ = try files.lock("\(folder)/link") }
    }
}
