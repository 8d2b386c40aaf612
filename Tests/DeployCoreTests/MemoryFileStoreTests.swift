import DeployTestSupport
import XCTest

@testable import DeployCore

/// The double other tests stand on keeps the promises of the port.
final class MemoryFileStoreTests: XCTestCase {
    func testWhatIsPublishedIsReadThroughLinks() throws {
        let store = MemoryFileStore()
        try store.makeFolder("/p/releases/1")
        try store.publish(Data("one".utf8), to: "/p/releases/1/app")
        try store.pointLink("/p/current", to: "releases/1")
        XCTAssertEqual(try store.read("/p/current/app"), Data("one".utf8))
        XCTAssertEqual(store.kind(of: "/p/current"), .link)
        XCTAssertEqual(store.names(in: "/p/current"), ["app"])
        try store.publish(Data("two".utf8), to: "/p/current/app")
        XCTAssertEqual(try store.read("/p/releases/1/app"), Data("two".utf8))
        try store.remove("/p/current")
        XCTAssertEqual(store.kind(of: "/p/releases/1/app"), .file)
        XCTAssertNil(try store.read("/p/current/app"))
    }

    func testPublishingWithoutFolderAndRenamingNothingFail() {
        let store = MemoryFileStore(["/p/a": "1"])
        XCTAssertThrowsError(try store.publish(Data(), to: "/p/q/a"))
        XCTAssertThrowsError(try store.rename("/p/none", to: "/p/b"))
        XCTAssertThrowsError(try store.publish(Data(), to: "/p"))
        XCTAssertNoThrow(try store.remove("/p/none"))
    }

    func testAFolderIsRenamedWithAllItHolds() throws {
        let store = MemoryFileStore(["/p/a/b/c": "1", "/p/ab": "2"])
        try store.rename("/p/a", to: "/p/z")
        XCTAssertEqual(store.listing, ["/p/", "/p/ab", "/p/z/", "/p/z/b/", "/p/z/b/c"])
    }

    func testALockIsHeldByOneUntilItIsDropped() throws {
        let store = MemoryFileStore(["/p/a": ""])
        var lock = try store.lock("/p/lock")
        XCTAssertNotNil(lock)
        XCTAssertNil(try store.lock("/p/lock"))
        lock?.describe("run 1")
        XCTAssertEqual(try store.read("/p/lock"), Data("run 1".utf8))
        lock = nil
        XCTAssertNotNil(try store.lock("/p/lock"))
    }

    func testAManifestIsCopiedExactlyAndRefusedWhenAFileChanged() throws {
        let store = MemoryFileStore(["/r/b": "1", "/r/a/x": "2", "/r/shared/y": "3"])
        store.write("#!", to: "/r/run", mode: 0o700)
        try store.pointLink("/r/l", to: "b")
        let manifest = try store.manifest(of: "/r", except: ["shared"])
        XCTAssertEqual(manifest.entries.map(\.path), ["a/x", "b", "l", "run"])
        try store.copy(manifest, from: "/r", to: "/s")
        XCTAssertEqual(try store.manifest(of: "/s", except: []), manifest)
        XCTAssertEqual(try store.digest(of: "/r/b").sha256, SHA256.hexadecimal(of: "1"))
        store.write("changed", to: "/r/b")
        XCTAssertThrowsError(try store.copy(manifest, from: "/r", to: "/t")) {
            XCTAssertEqual(($0 as? DeployError)?.code, .gateRefused)
        }
    }
}
