import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What the system refuses is said with the path and with something to do.
final class SystemErrorTests: XCTestCase {
    private func expect(_ words: String, about path: String, _ body: () throws -> Void) {
        XCTAssertThrowsError(try body(), words) { error in
            let error = error as? DeployError
            XCTAssertTrue(error?.next.contains(words) == true, "\(String(describing: error))")
            XCTAssertTrue(error?.next.contains(path) == true, "\(String(describing: error))")
            XCTAssertTrue(error?.what.contains(path) == true, "\(String(describing: error))")
        }
    }

    func testAPathThatIsTooLongSaysHowLongItIs() throws {
        let path = "\(try makeTestFolder())/\(String(repeating: "x", count: 300))"
        expect("has \(path.utf8.count) bytes", about: path) {
            try LocalFileStore().makeFolder(path)
        }
        let deep = "\(try makeTestFolder())/\(String(repeating: "folder/", count: 80))"
        try FileManager.default.createDirectory(atPath: deep, withIntermediateDirectories: true)
        expect("shorter name", about: deep) {
            try SQLiteStateStore(path: "\(deep)state.db").record(Sample.release(1))
        }
    }

    func testADeviceThatIsNotThereIsNamed() throws {
        let path = "\(try makeTestFolder())/device"
        // The system answers as for a device that is gone.
        try run("python3", "-c", "import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])", path)
        expect("connect or mount the device behind", about: path) { _ = try LocalFileStore().read(path) }
    }

    func testAReadOnlyFileSystemIsNamed() throws {
        let folder = try makeTestFolder()
        do { try run("mount", "-t", "tmpfs", "-o", "ro,size=1m", "none", folder) } catch {
            throw XCTSkip("skipped: no right to mount")
        }
        addTeardownBlock { try Self.run(["umount", folder]) }
        expect("writable", about: folder) {
            try LocalFileStore().publish(Data("x".utf8), to: "\(folder)/file")
        }
        expect("writable", about: folder) {
            try SQLiteStateStore(path: "\(folder)/state.db").record(Sample.release(1))
        }
    }

    private func run(_ words: String...) throws { try Self.run(words) }

    private static func run(_ words: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw POSIXError(.EPERM) }
    }
}
