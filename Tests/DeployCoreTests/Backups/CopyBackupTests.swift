import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// T10: what a program that copies says is not believed where it can be looked at.
final class CopyBackupTests: XCTestCase {
    private let machine = SimulatedMachine()
    private let backup = Sample.timestamp(30)
    private var folder: String { "\(machine.project)/backups/production/\(backup)" }
    private var scratch: String { "\(machine.project)/.deployctl/production/scratch/\(backup)-copy" }

    /// Does to the files what `act` says, with the arguments of the command.
    private struct Program: CommandRunner {
        let act: @Sendable ([String]) -> CommandResult.Ending
        func run(_ request: CommandRequest) -> CommandResult {
            CommandResult(act(request.command.vector), output: "one line\n", errors: "another\n")
        }
        func runTogether(_ requests: [CommandRequest]) -> [CommandResult] { requests.map(run) }
    }

    private func makeBackup() throws {
        machine.files.write("rows", to: "\(folder)/database.sqlite")
        let payload = BackupManifest.Payload(
            file: "database.sqlite", digest: try machine.files.digest(of: "\(folder)/database.sqlite"))
        let summary = DatabaseSummary(engine: "fake", tables: [], objects: [:], schema: "")
        let manifest = BackupManifest(
            timestamp: backup, project: "shop", environment: "production", release: nil,
            takenAt: backup.date,
            database: .init(source: "live", payload: payload, summary: summary, migrations: []))
        let text = try JSON.data(manifest)
        machine.files.write(text, to: "\(folder)/manifest.json")
        var record = Sample.backup(30)
        record.sha256 = SHA256.hexadecimal(of: String(decoding: text, as: UTF8.self))
        try machine.state.record(record)
    }

    private func perform(
        _ copy: Environment.BackupRules.Copy, notes: Notes = Notes(),
        _ act: @escaping @Sendable ([String]) -> CommandResult.Ending
    ) throws -> String {
        var ports = machine.ports()
        ports.commands = Program(act: act)
        let context = StepContext(
            Workspace(ports: ports, project: machine.project), plan: Sample.plan(40), origin: Sample.origin
        ) { notes.add($0) }
        return try CopyBackup(backup: backup, copy: copy, stops: true).perform(in: context)
    }

    private final class Notes: @unchecked Sendable {
        private(set) var lines: [String] = []
        func add(_ line: String) { lines.append(line) }
    }

    private let both = Environment.BackupRules.Copy(
        command: ["put", "{backup}", "{timestamp}"], fetch: ["get", "{timestamp}", "{folder}"])

    func testACopyThatIsNotFetchedCountsAsCopiedAndItsOutputIsKept() throws {
        try makeBackup()
        let notes = Notes()
        let said = try perform(
            .init(command: ["put", "{backup}", "x-{timestamp}-{environment}"]), notes: notes
        ) {
            [folder, backup] words in
            words == ["put", folder, "x-\(backup)-production"] ? .exited(0) : .exited(9)
        }
        XCTAssertEqual(said, "copied, not compared")
        XCTAssertEqual(notes.lines.suffix(2), ["one line", "another"])
        XCTAssertEqual(try machine.state.backup(backup)?.copied, .copied)
    }

    func testACopyThatComesBackEqualCountsAsVerifiedWhereverItLies() throws {
        for below in ["", "/a/b"] {
            try makeBackup()
            let (files, folder) = (machine.files, folder)
            let said = try perform(both) { words in
                guard words[0] == "get" else { return .exited(0) }
                for name in files.names(in: folder) {
                    guard let data = try? files.read("\(folder)/\(name)") else { return .exited(1) }
                    files.write(data, to: "\(words[2])\(below)/\(name)")
                }
                return .exited(0)
            }
            XCTAssertEqual(said, "fetched back, every file equal")
            XCTAssertEqual(try machine.state.backup(backup)?.copied, .verified)
            XCTAssertNil(machine.files.kind(of: scratch), "what was fetched is removed")
        }
    }

    func testNoLyingProgramIsBelieved_T10() throws {
        typealias Lie = @Sendable (MemoryFileStore, String, String) -> CommandResult.Ending
        let copyAll: Lie = { files, folder, place in
            for name in files.names(in: folder) {
                files.write((try? files.read("\(folder)/\(name)")) ?? Data(), to: "\(place)/\(name)")
            }
            return .exited(0)
        }
        let lies: [(String, Lie)] = [
            ("nothing comes back", { _, _, _ in .exited(0) }),
            ("it fails", { _, _, _ in .exited(1) }), ("it hangs", { _, _, _ in .timedOut }),
            ("it is missing", { _, _, _ in .notStarted("no such file") }),
            (
                "only the manifest comes back",
                { files, folder, place in
                    files.write(
                        (try? files.read("\(folder)/manifest.json")) ?? Data(), to: "\(place)/manifest.json")
                    return .exited(0)
                }
            ),
            (
                "half a file",
                { files, folder, place in
                    _ = copyAll(files, folder, place)
                    files.write("ro", to: "\(place)/database.sqlite")
                    return .exited(0)
                }
            ),
            (
                "a flipped byte",
                { files, folder, place in
                    _ = copyAll(files, folder, place)
                    files.write("rowt", to: "\(place)/database.sqlite")
                    return .exited(0)
                }
            ),
            (
                "another backup that is whole in itself",
                { files, folder, place in
                    _ = copyAll(files, folder, place)
                    let text = (try? files.read("\(folder)/manifest.json")).map {
                        String(decoding: $0, as: UTF8.self)
                    }
                    files.write(
                        text?.replacing("production", with: "productiom") ?? "", to: "\(place)/manifest.json")
                    return .exited(0)
                }
            ),
            (
                "links to the backup itself",
                { files, folder, place in
                    for name in files.names(in: folder) {
                        try? files.pointLink("\(place)/\(name)", to: "\(folder)/\(name)")
                    }
                    return .exited(0)
                }
            ),
        ]
        for (lie, act) in lies {
            try makeBackup()
            let (files, folder) = (machine.files, folder)
            expectError(.backupFailed, lie) {
                _ = try self.perform(self.both) { words in
                    words[0] == "get" ? act(files, folder, words[2]) : .exited(0)
                }
            }
            XCTAssertEqual(try machine.state.backup(backup)?.copied, .no, lie)
            XCTAssertNil(machine.files.kind(of: scratch), lie)
        }
    }

    func testAProgramThatMovesTheBackupIsFoundOut() throws {
        try makeBackup()
        let (files, folder) = (machine.files, folder)
        XCTAssertThrowsError(
            try perform(.init(command: ["mv", "{backup}"])) { _ in
                try? files.remove("\(folder)/database.sqlite")
                return .exited(0)
            }
        ) { error in
            let error = error as? DeployError
            XCTAssertEqual(error?.code, .backupFailed)
            XCTAssertEqual(error?.next.hasSuffix("deployctl backup create production"), true)
        }
        XCTAssertEqual(try machine.state.backup(backup)?.verified, .no, "nobody is sent back to it")
    }

    func testADamagedBackupDoesNotHoldUpTheOthers() throws {
        let shop = try Shop {
            $0.backup.copies = [.init(command: ["put", "{backup}"])]
        }
        try shop.machine.state.record(Sample.backup(901))
        try shop.machine.state.record(Sample.backup(902, verified: .no))
        let copying = shop.machine.deployer().backupCopying(nil, of: "production")
        XCTAssertEqual(try copying.proposal(shop.environment).draft.goal, .copy(Sample.timestamp(901)))
    }

    func testASpoiltBackupOfWhichACopyExistsNamesTheWayBack() {
        var record = Sample.backup(30)
        XCTAssertNil(record.wayBack(to: folder))
        record.copied = .copied
        XCTAssertEqual(
            record.wayBack(to: folder),
            "bring its copy back to \(folder), then deployctl backup verify production \(backup)")
    }
}
