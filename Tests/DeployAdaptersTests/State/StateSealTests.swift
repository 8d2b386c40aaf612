import DeployCore
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployAdapters

/// A large state is read as a whole when somebody else may have changed it, and not at each opening.
final class StateSealTests: XCTestCase {
    private var folder = ""
    private var path: String { "\(folder)/state.db" }

    override func setUpWithError() throws { folder = try makeTestFolder() }

    private func fill(releases: Int) throws {
        let store = SQLiteStateStore(path: path)
        for number in 0..<releases {
            var release = Sample.release(number)
            release.subject = String(repeating: "s", count: 1 << 20)
            try store.record(release)
        }
        try store.keepCopy()
    }

    private func open() throws {
        if let loss = try SQLiteStateStore(path: path).loss() { throw loss }
    }

    /// Breaks a page in the middle of a long text, which only a reading of the whole comes by.
    private func damage() throws {
        let file = try XCTUnwrap(FileHandle(forUpdatingAtPath: path))
        try file.seek(toOffset: file.seekToEnd() / 8192 * 4096)
        try file.write(contentsOf: Data(repeating: 0xff, count: 4096))
        try file.close()
    }

    private func keepingItsTime(_ change: () throws -> Void) throws {
        var before = stat()
        XCTAssertEqual(lstat(path, &before), 0)
        try change()
        let times = [before.st_atim, before.st_mtim]
        XCTAssertEqual(utimensat(AT_FDCWD, path, times, 0), 0)
    }

    private func requireSeals() throws {
        try fill(releases: 8)
        XCTAssertEqual(writeAttribute(path, "user.test", [1], 1, 0), 0, "the file system keeps attributes")
    }

    func testWhatThisToolLeftIsNotReadAgainAndTheDoctorReadsIt() throws {
        try requireSeals()
        try open()
        try keepingItsTime { try damage() }
        try open()
        expectError(.needsPerson, "the whole") { try SQLiteStateStore(path: self.path).requireWhole() }
    }

    func testWhatAnotherProgramChangedIsRead() throws {
        try requireSeals()
        try open()
        try damage()
        expectError(.needsPerson, "a changed file") { try self.open() }
    }

    func testACopyOfTheSameTimeIsRead() throws {
        try requireSeals()
        try open()
        try keepingItsTime {
            let content = try Data(contentsOf: URL(fileURLWithPath: path))
            try FileManager.default.removeItem(atPath: path)
            try content.write(to: URL(fileURLWithPath: path))
            try damage()
        }
        expectError(.needsPerson, "another file") { try self.open() }
    }

    func testASmallStateIsReadEachTime() throws {
        try fill(releases: 2)
        try open()
        try keepingItsTime { try damage() }
        expectError(.needsPerson, "a small state") { try self.open() }
    }
}
