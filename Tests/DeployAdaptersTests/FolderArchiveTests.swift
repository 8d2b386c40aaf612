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

    /// zstd ends first, and what packs for it after that: the first reason is said.
    func testWhatCannotBeWrittenBlamesItsPlaceAndNotTheFolder() throws {
        let folder = try makeTestFolder()
        let archive = FolderArchive(
            files: LocalFileStore(), commands: ProcessCommandRunner(interruption: FakeInterruption()))
        let source = "\(folder)/source"
        try LocalFileStore().makeFolder(source)
        try Data((0..<(4 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) })
            .write(to: URL(fileURLWithPath: "\(source)/noise"))
        let program = "\(folder)/zstd"
        try Data("#!/bin/sh\necho 'No space left on device' >&2\nexit 1\n".utf8)
            .write(to: URL(fileURLWithPath: program))
        chmod(program, 0o755)
        let path = ProcessInfo.processInfo.environment["PATH"]
        setenv("PATH", "\(folder):\(path ?? "")", 1)
        defer { setenv("PATH", path ?? "", 1) }
        XCTAssertThrowsError(
            try archive.pack(source, to: "\(folder)/packed.tar.zst", copying: "\(folder)/copy")
        ) {
            let error = $0 as? DeployError
            XCTAssertEqual(error?.what, "\(folder)/packed.tar.zst cannot be written")
            XCTAssertTrue(error?.why.contains("No space left on device") ?? false, "\($0)")
        }
    }

    func testWhatDoesNotFitIsNotBegun() throws {
        let files = MemoryFileStore()
        files.setFreeBytes(1_000_000)
        let archive = FolderArchive(
            files: files, commands: ProcessCommandRunner(interruption: FakeInterruption()))
        let content = FolderContent(entries: [
            .init(path: "a", kind: .file(bytes: 1 << 40, sha256: ""), mode: 0o600)
        ])
        XCTAssertThrowsError(try archive.unpack("/a.tar.zst", holding: content, to: "/place")) {
            let error = $0 as? DeployError
            XCTAssertEqual(error?.code, .backupFailed)
            XCTAssertTrue(error?.why.begins(with: "there is room for 0 MB") ?? false, "\($0)")
        }
    }

    func testACopyEndsWhereSomebodyInterrupts() throws {
        let folder = try makeTestFolder()
        let interruption = FakeInterruption()
        let files = LocalFileStore(interruption: interruption)
        try files.publish(Data(count: 8 << 20), to: "\(folder)/file")
        XCTAssertEqual(try files.digest(of: "\(folder)/file").bytes, 8 << 20)
        interruption.interrupt()
        for work in [
            { _ = try files.digest(of: "\(folder)/file") },
            { _ = try files.content(of: folder, hashing: true) },
        ] {
            XCTAssertThrowsError(try work()) { XCTAssertEqual(($0 as? DeployError)?.code, .interrupted) }
        }
    }
}
