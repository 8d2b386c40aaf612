import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// Files of two folders that have their bytes in common, and how it is known that none was written to.
final class SharedFilesTests: XCTestCase {
    private let files = LocalFileStore()
    private var folder = ""
    private var one: String { "\(folder)/one" }
    private var two: String { "\(folder)/two" }

    override func setUpWithError() throws {
        folder = try makeTestFolder()
        for name in ["one", "two"] { try files.makeFolder("\(folder)/\(name)/deep/er") }
    }

    private func write(_ text: String, to path: String, mode: Int = 0o600) throws {
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    private func number(_ path: String) throws -> Int {
        try XCTUnwrap(FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int)
    }

    private func isShared(_ path: String) throws -> Bool {
        try number("\(one)/\(path)") == number("\(two)/\(path)")
    }

    private func share(_ paths: [String]) throws -> Int64 {
        try files.share(paths, of: one, with: two, by: "\(folder)/scratch")
    }

    func testOnlyWhatIsAlikeInEveryByteIsShared() throws {
        for place in [one, two] {
            try write("alike", to: "\(place)/deep/er/alike")
            try write("#!", to: "\(place)/script", mode: place == one ? 0o700 : 0o600)
            try FileManager.default.createSymbolicLink(
                atPath: "\(place)/link", withDestinationPath: "script")
        }
        try write("one of this size", to: "\(one)/other")
        try write("two of this size", to: "\(two)/other")
        try write("only here", to: "\(one)/deep/only")
        let paths = ["deep/er/alike", "deep/only", "link", "other", "script", "missing/file"]
        XCTAssertEqual(try share(paths), 5)
        XCTAssertTrue(try isShared("deep/er/alike"))
        for path in ["other", "script"] { XCTAssertFalse(try isShared(path), path) }
        XCTAssertEqual(try String(contentsOfFile: "\(one)/other", encoding: .utf8), "one of this size")
        XCTAssertEqual(files.linkTarget("\(one)/link"), "script")
        XCTAssertEqual(try share(paths), 0, "what is shared is not shared again")
        XCTAssertEqual(files.names(in: folder), ["one", "two"])
    }

    func testWhatIsSeparateIsWhatItWasAndWrittenToAlone() throws {
        let before = Date(timeIntervalSince1970: 1_000_000_000)
        for place in [one, two] {
            try write("alike", to: "\(place)/deep/file", mode: 0o750)
            try FileManager.default.setAttributes(
                [.modificationDate: before], ofItemAtPath: "\(place)/deep/file")
        }
        _ = try share(["deep/file"])
        XCTAssertTrue(try isShared("deep/file"))
        try files.separate(["deep/file", "deep/none"], of: one, by: "\(folder)/scratch")
        XCTAssertFalse(try isShared("deep/file"))
        let found = try FileManager.default.attributesOfItem(atPath: "\(one)/deep/file")
        XCTAssertEqual(found[.posixPermissions] as? Int, 0o750)
        XCTAssertEqual(found[.modificationDate] as? Date, before)
        XCTAssertEqual(found[.referenceCount] as? Int, 1)
        let handle = try XCTUnwrap(FileHandle(forWritingAtPath: "\(one)/deep/file"))
        handle.write(Data("A".utf8))
        try handle.close()
        XCTAssertEqual(try String(contentsOfFile: "\(one)/deep/file", encoding: .utf8), "Alike")
        XCTAssertEqual(try String(contentsOfFile: "\(two)/deep/file", encoding: .utf8), "alike")
        XCTAssertEqual(files.names(in: folder), ["one", "two"])
    }

    /// Who may read one by its access list, and not by its mode, may read it afterwards, too.
    func testAnAccessListIsKeptAndTellsFilesApart() throws {
        try XCTSkipUnless(geteuid() == 0, "only the superuser lets others in")
        let reader = Account(name: "nobody", user: 65_534, group: 65_534, groupName: "nogroup", home: "/")
        for place in [one, two] { try write("alike", to: "\(place)/file") }
        try files.grant(.reading(reader), at: "\(one)/file")
        _ = try share(["file"])
        XCTAssertFalse(try isShared("file"))
        try files.grant(.reading(reader), at: "\(two)/file")
        _ = try share(["file"])
        XCTAssertTrue(try isShared("file"))
        let before = try listed("\(two)/file")
        try files.separate(["file"], of: one, by: "\(folder)/scratch")
        XCTAssertFalse(try isShared("file"))
        XCTAssertEqual(try listed("\(one)/file"), before)
    }

    /// A copy would lack them.
    func testWhatHasAttributesOfItsOwnIsNotShared() throws {
        for place in [one, two] { try write("alike", to: "\(place)/file") }
        let set = "import os, sys; os.setxattr(sys.argv[1], 'user.kept', b'1')"
        try XCTSkipUnless(
            start("python3", ["-c", set, "\(one)/file"]).succeeded, "this file system keeps no attributes")
        XCTAssertEqual(try share(["file"]), 0)
        XCTAssertFalse(try isShared("file"))
    }

    private func listed(_ path: String) throws -> String {
        let result = start("getfacl", ["--omit-header", "--absolute-names", path])
        XCTAssertTrue(result.succeeded, "\(result)")
        return result.output
    }

    private func start(_ program: String, _ arguments: [String]) -> CommandResult {
        ProcessCommandRunner(interruption: FakeInterruption()).run(
            CommandRequest(Command(program, arguments)))
    }

    func testAWriteShowsWhateverTimeIsPutBack() throws {
        try write("content", to: "\(one)/file")
        try FileManager.default.createSymbolicLink(atPath: "\(one)/link", withDestinationPath: "file")
        let moment = files.moment(in: folder)
        let manifest = try files.manifest(of: one, except: [])
        let first = try XCTUnwrap(files.fingerprint(of: manifest, in: one))
        XCTAssertLessThan(first.youngest, moment, "nothing was written since")
        XCTAssertEqual(try files.fingerprint(of: manifest, in: one), first)
        let time = try FileManager.default.attributesOfItem(atPath: "\(one)/file")[.modificationDate]
        let handle = try XCTUnwrap(FileHandle(forWritingAtPath: "\(one)/file"))
        handle.write(Data("C".utf8))
        try handle.close()
        try FileManager.default.setAttributes(
            [.modificationDate: try XCTUnwrap(time)], ofItemAtPath: "\(one)/file")
        let second = try XCTUnwrap(files.fingerprint(of: manifest, in: one))
        XCTAssertNotEqual(second.text, first.text)
        XCTAssertGreaterThanOrEqual(second.youngest, moment)
        try FileManager.default.removeItem(atPath: "\(one)/file")
        XCTAssertNil(try files.fingerprint(of: manifest, in: one))
    }

    /// However soon it follows: a file system's clock stands still for some milliseconds at a time.
    func testEachWriteAfterAMomentIsNoEarlierThanIt() throws {
        for _ in 0..<50 {
            try write("one", to: "\(one)/file")
            let manifest = Manifest(entries: [
                .init(path: "file", content: .file(sha256: "", executable: false))
            ])
            let before = try XCTUnwrap(files.fingerprint(of: manifest, in: one)).youngest
            let moment = files.moment(in: folder)
            XCTAssertLessThan(before, moment)
            try write("two", to: "\(one)/file")
            XCTAssertGreaterThanOrEqual(
                try XCTUnwrap(files.fingerprint(of: manifest, in: one)).youngest, moment)
        }
    }
}
