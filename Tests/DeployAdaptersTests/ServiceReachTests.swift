import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// How far a service comes from where it was started, and what it leaves.
final class ServiceReachTests: XCTestCase {
    private let table = LinuxProcessTable()
    private let files = LocalFileStore()

    private func start(
        _ script: String, in folder: String, marker: String? = nil, closed: [ClosedFolder] = []
    )
        throws -> ProcessIdentity
    {
        var launch = ServiceLaunch(
            command: Command("/bin/sh", ["-c", script]), directory: folder,
            environment: marker.map { [ServiceLaunch.instanceVariable: $0] } ?? [:], log: "\(folder)/log")
        launch.closed = closed
        let identity = try table.start(launch)
        let table = table
        addTeardownBlock { table.signal(identity, .kill) }
        return identity
    }

    private func log(_ folder: String) -> String {
        (try? files.read("\(folder)/log")).flatMap { $0 }.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// The program that ended with the line "end", by what it wrote.
    private func words(_ folder: String) throws -> [String] {
        XCTAssertTrue(eventually { log(folder).hasSuffix("end\n") }, log(folder))
        return log(folder).split(whereSeparator: \.isWhitespace).map(String.init)
    }

    private func orphan(_ script: String, marker: String, in folder: String) throws -> ProcessIdentity {
        _ = try start(script, in: folder, marker: marker)
        var found: ProcessIdentity?
        XCTAssertTrue(
            eventually {
                found = (try? files.read("\(folder)/pid")).flatMap { $0 }
                    .flatMap { Int32(String(decoding: $0, as: UTF8.self).trimmed) }.flatMap(
                        table.identity(of:))
                return found != nil
            }, log(folder))
        let orphan = try XCTUnwrap(found)
        addTeardownBlock { kill(orphan.pid, SIGKILL) }
        return orphan
    }

    func testAChildThatLeftItsSessionAndEmptiedItsVariablesIsFound_T05() throws {
        let folder = try makeTestFolder()
        let leaving =
            "env -i /usr/bin/setsid /bin/sh -c 'cd /; echo $$ > \(folder)/pid; exec sleep 61' >/dev/null 2>&1 &"
        let orphan = try orphan("\(leaving) exit 0", marker: "\(folder)/run/1", in: folder)
        XCTAssertTrue(eventually { ProcessTree.parent(of: orphan.pid) == 1 }, "nobody above it is left")
        XCTAssertEqual(table.members(ofInstance: "\(folder)/run/1"), [orphan])
        XCTAssertEqual(table.members(ofInstance: "\(folder)/run/2"), [], "it belongs to this instance only")
    }

    func testWhatIsStartedAfterAServiceDoesNotCarryItsMark() throws {
        let folder = try makeTestFolder()
        let service = try start("sleep 61", in: folder, marker: "\(folder)/run/1")
        let other = try start("exec sleep 61", in: folder)
        XCTAssertTrue(table.members(ofInstance: "\(folder)/run/1").contains(service))
        XCTAssertFalse(table.members(ofInstance: "\(folder)/run/1").contains(other))
    }

    func testClosedFoldersAreEmptyForAServiceAndTheirFilesUntouched_S05() throws {
        guard table.runsAsRoot else { throw lacking("superuser") }
        let folder = try makeTestFolder()
        for path in ["tool/own/mine", "tool/other/theirs", "tool/state", "secrets/key"] {
            try files.makeFolder(Path.parent("\(folder)/\(path)"))
            try files.publish(Data("x".utf8), to: "\(folder)/\(path)")
        }
        let script = """
            cat tool/own/mine; echo; ls tool; ls secrets; cat tool/state secrets/key 2>&1 | wc -l
            echo more > tool/own/made; umount secrets 2>/dev/null && echo OPENED
            cat /proc/\(getpid())/root\(folder)/secrets/key 2>/dev/null && echo SEEN; echo end
            """
        _ = try start(
            script, in: folder,
            closed: [
                ClosedFolder("\(folder)/tool", but: "\(folder)/tool/own"), ClosedFolder("\(folder)/secrets"),
            ])
        XCTAssertEqual(try words(folder), ["x", "own", "2", "end"])
        XCTAssertEqual(files.names(in: "\(folder)/tool"), ["other", "own", "state"])
        XCTAssertEqual(
            files.names(in: "\(folder)/tool/own"), ["made", "mine"], "what stays open is the very folder")
    }

    func testAFolderThatStaysReadableInAClosedOneIsNotWritten() throws {
        guard table.runsAsRoot else { throw lacking("superuser") }
        let folder = try makeTestFolder()
        for path in ["tool/own/mine", "tool/built/1/file", "tool/built/2/file"] {
            try files.makeFolder(Path.parent("\(folder)/\(path)"))
            try files.publish(Data("x".utf8), to: "\(folder)/\(path)")
        }
        let script = """
            cat tool/built/1/file; echo; ls tool/built; (echo y > tool/built/1/file) 2>/dev/null && echo WRITTEN
            echo more > tool/own/made; echo end
            """
        let closed = ClosedFolder(
            "\(folder)/tool", but: "\(folder)/tool/own", readable: "\(folder)/tool/built/1")
        _ = try start(script, in: folder, closed: [closed])
        XCTAssertEqual(try words(folder), ["x", "1", "end"])
        XCTAssertEqual(files.names(in: "\(folder)/tool/own"), ["made", "mine"])
    }

    func testAFolderThatCannotBeClosedStopsTheStart() throws {
        guard table.runsAsRoot else { throw lacking("superuser") }
        let folder = try makeTestFolder()
        expectError(.stepFailed, "a folder that is gone") {
            _ = try start("true", in: folder, closed: [ClosedFolder("\(folder)/none")])
        }
    }
}

/// Who started whom.
private enum ProcessTree {
    static func parent(of pid: Int32) -> Int32? {
        let text = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        return text?.lines.first { $0.begins(with: "PPid:") }.flatMap { Int32($0.words.last ?? "") }
    }
}
