import DeployTestSupport
import Foundation
import XCTest

@testable import DeployAdapters
@testable import DeployCore

/// Who else may change what lies at a path.
final class OwnershipTests: XCTestCase {
    private let files = LocalFileStore()

    private func folder(_ path: String, mode: mode_t = 0o755) throws -> String {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        chmod(path, mode)
        return path
    }

    func testWhatIsOursOrRootsIsNoStrangers() throws {
        let own = try makeTestFolder()
        XCTAssertNil(files.stranger(on: own), "the folder above is for all and sticky")
        XCTAssertNil(files.stranger(on: "\(own)/not/there/yet"))
        XCTAssertNil(files.stranger(on: "/usr/bin/env"))
        try "x".write(toFile: "\(own)/file", atomically: true, encoding: .utf8)
        symlink("file", "\(own)/link")
        symlink("link", "\(own)/again")
        XCTAssertNil(files.stranger(on: "\(own)/again"))
    }

    func testEveryStepOfTheWayIsLookedAt() throws {
        let own = try makeTestFolder()
        let open = try folder("\(own)/open", mode: 0o777)
        _ = try folder("\(open)/below")
        let group = try folder("\(own)/group", mode: 0o775)
        chown(group, getuid(), 12_345)
        symlink("../open/below", "\(try folder("\(own)/plain"))/way")
        symlink("around", "\(own)/round")
        symlink("round", "\(own)/around")
        for (path, culprit) in [
            (open, open), ("\(open)/below", open), ("\(open)/below/file", open),
            ("\(own)/plain/way", open), ("\(own)/plain/../plain/way/file", open),
            ("\(own)/round", "\(own)/round"),
        ] + (getuid() == 0 ? [(group, group)] : []) {
            let found = files.stranger(on: path)
            XCTAssertNotNil(found, path)
            if culprit != "\(own)/round" { XCTAssertEqual(found?.path, culprit, path) }
        }
    }

    func testAnotherUsersFileIsAStrangers() throws {
        guard geteuid() == 0 else { throw XCTSkip("only root gives files away") }
        let own = try makeTestFolder()
        let path = "\(own)/theirs"
        try "x".write(toFile: path, atomically: true, encoding: .utf8)
        chown(path, 65_534, 65_534)
        XCTAssertEqual(files.stranger(on: path)?.path, path)
        expectError(.invalidDefinition, "refused by name") { try files.refuseStranger(on: path) }
        symlink(path, "\(own)/link")
        lchown("\(own)/link", 0, 0)
        XCTAssertEqual(files.stranger(on: "\(own)/link")?.path, path, "a link leads there")
        var allowed = Ownership.ours
        allowed.trusted = [path]
        XCTAssertNil(allowed.stranger(on: "\(own)/link"))
        allowed.trusted = ["\(own)/the"]
        XCTAssertNotNil(allowed.stranger(on: path), "no part of a name is meant")
        setenv("SUDO_UID", "65534", 1)
        defer { unsetenv("SUDO_UID") }
        XCTAssertNil(files.stranger(on: path), "who asked by sudo is root as well")
    }

    func testOnlyTheSystemsFoldersHoldInstalledPrograms() throws {
        XCTAssertNil(Ownership.ofTheSystem.stranger(on: "/usr/bin/env"))
        let copy = "\(try makeTestFolder())/cron"
        try FileManager.default.copyItem(atPath: "/bin/sh", toPath: copy)
        XCTAssertNotNil(Ownership.ofTheSystem.stranger(on: copy), "everybody may write to a folder above")
    }
}
