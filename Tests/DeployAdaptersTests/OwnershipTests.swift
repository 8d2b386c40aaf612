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

    /// The group that bears an account's name may be another account's first one, which its list of members leaves out.
    func testAGroupIsPrivateWhereNobodyElseBeginsInIt() throws {
        guard geteuid() == 0 else { throw XCTSkip("only root makes accounts") }
        guard let games = getpwnam("games")?.pointee else { throw lacking("account games") }
        let own = try makeTestFolder()
        chmod(own, 0o711)
        let path = "\(own)/definition"
        try "x".write(toFile: path, atomically: true, encoding: .utf8)
        chown(path, games.pw_uid, games.pw_gid)
        chmod(path, 0o664)
        let theirs = Ownership(owners: [0, games.pw_uid], allowsSticky: true)
        XCTAssertNil(theirs.stranger(on: path))
        let name = "dcfirst\(getpid())"
        let runner = ProcessCommandRunner(interruption: FakeInterruption())
        guard runner.run(CommandRequest(Command("useradd", ["--gid", "games", name]))).succeeded else {
            throw lacking("useradd")
        }
        defer { _ = runner.run(CommandRequest(Command("userdel", [name]))) }
        XCTAssertEqual(theirs.stranger(on: path)?.why, "may be written by its group")
    }

    func testTheSuperusersGroupIsPrivateWhereNobodyElseIsInIt() throws {
        guard geteuid() == 0 else { throw XCTSkip("only root makes accounts") }
        let own = try makeTestFolder()
        chmod(own, 0o711)
        let path = "\(own)/definition"
        try "x".write(toFile: path, atomically: true, encoding: .utf8)
        chmod(path, 0o664)
        XCTAssertNil(files.stranger(on: path))
        let name = "dcroot\(getpid())"
        for (account, isStranger) in [
            (["--gid", "root", "--shell", "/bin/sh"], true),
            (["--gid", "root", "--shell", "/sbin/halt"], false),
            (["--gid", "games", "--groups", "root", "--shell", "/sbin/halt"], true),
        ] {
            let runner = ProcessCommandRunner(interruption: FakeInterruption())
            guard runner.run(CommandRequest(Command("useradd", account + [name]))).succeeded else {
                throw lacking("useradd")
            }
            defer { _ = runner.run(CommandRequest(Command("userdel", [name]))) }
            XCTAssertEqual(
                files.stranger(on: path)?.why, isStranger ? "may be written by its group" : nil, "\(account)")
        }
    }

    /// Gives `path` a list that lets these in, as setfacl does.
    private func allow(_ whom: String, at path: String) throws {
        let setfacl = Command("setfacl", ["--modify", whom, "--", path])
        let run = ProcessCommandRunner(interruption: FakeInterruption()).run(CommandRequest(setfacl))
        guard run.succeeded else { throw lacking("setfacl: \(run.ending) \(run.errors)") }
    }

    func testWhoAnAccessListLetsWriteIsAStranger() throws {
        let own = try makeTestFolder()
        let folder = try folder("\(own)/folder")
        let path = "\(folder)/file"
        for (whom, isStranger) in [
            ("user:nobody:rwx", true), ("group:nogroup:rw", true), ("user:nobody:r", false),
            ("user:root:rwx", false), ("default:user:nobody:rwx", false),
        ] {
            for place in [folder, path] where !(place == path && whom.hasPrefix("default")) {
                try? FileManager.default.removeItem(atPath: path)
                try "x".write(toFile: path, atomically: true, encoding: .utf8)
                try allow(whom, at: place)
                let found = files.stranger(on: path)
                XCTAssertEqual(found?.path, isStranger ? place : nil, whom)
                if isStranger {
                    XCTAssertTrue(found?.why.contains("access list names") ?? false, "\(found?.why ?? "")")
                    chmod(place, place == folder ? 0o755 : 0o644)
                    XCTAssertNil(files.stranger(on: path), "chmod go-w closes it to all who are named")
                }
                let cleared = Command("setfacl", ["--remove-all", "--remove-default", "--", place])
                _ = ProcessCommandRunner(interruption: FakeInterruption()).run(CommandRequest(cleared))
            }
        }
    }

    func testTheFilesOwnGroupIsNotTakenForWhomItsListNames() throws {
        let own = try makeTestFolder()
        let path = try folder("\(own)/folder")
        try allow("user:root:rwx", at: path)
        guard geteuid() == 0 else { throw lacking("superuser") }
        chown(path, 0, 12_345)
        XCTAssertNil(
            files.stranger(on: path), "the bits of the group are the list's, its own group only reads")
    }

    func testOnlyTheSystemsFoldersHoldInstalledPrograms() throws {
        XCTAssertNil(Ownership.ofTheSystem.stranger(on: "/usr/bin/env"))
        let copy = "\(try makeTestFolder())/cron"
        try FileManager.default.copyItem(atPath: "/bin/sh", toPath: copy)
        XCTAssertNotNil(Ownership.ofTheSystem.stranger(on: copy), "everybody may write to a folder above")
    }
}
