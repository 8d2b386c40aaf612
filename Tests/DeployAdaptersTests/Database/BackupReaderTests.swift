import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// T11: whatever happens to a stored backup is found before it is used.
final class BackupReaderTests: SQLiteFixture {
    private var backups: String { "\(folder)/backups" }

    private var reader: BackupReader {
        var ports = SimulatedMachine().ports()
        (ports.files, ports.databases, ports.clock) = (
            LocalFileStore(), FakeDatabaseEngines(database), FakeClock()
        )
        var environment = Environment(name: "production", project: "shop")
        environment.database = Environment.Database(engine: .sqlite, file: "app.db")
        return BackupReader(Workspace(ports: ports, project: folder).site(environment))
    }

    /// Takes a backup of the live database as the tool does.
    private func take(_ number: Int) throws -> (folder: String, digest: String) {
        let place = "\(backups)/\(Sample.timestamp(number))"
        let files = LocalFileStore()
        try files.makeFolder(place)
        let summary = try database.backUp(live, to: "\(place)/database.sqlite.zst").summary
        let manifest = BackupManifest(
            timestamp: Sample.timestamp(number), project: "shop", environment: "production", release: nil,
            takenAt: Sample.timestamp(number).date,
            database: .init(
                source: live.name,
                payload: .init(
                    file: "database.sqlite.zst", digest: try files.digest(of: "\(place)/database.sqlite.zst")),
                summary: summary, migrations: []))
        let data = try JSON.data(manifest)
        try files.publish(data, to: "\(place)/manifest.json")
        let digest = SHA256.hexadecimal(of: data)
        _ = try reader.prove(in: place, recorded: digest, verification: .restore)
        return (place, digest)
    }

    private func makeBackup() throws -> (folder: String, digest: String) {
        try write("CREATE TABLE a (n, t); INSERT INTO a VALUES (1, 'one'), (2, 'two');", to: live)
        return try take(1)
    }

    private func replace(_ path: String, _ data: Data) throws {
        try data.write(to: URL(fileURLWithPath: path))
    }

    func testEveryFlippedBitAndEveryCutOfThePayloadIsFound() throws {
        let backup = try makeBackup()
        let payload = "\(backup.folder)/database.sqlite.zst"
        let whole = try Data(contentsOf: URL(fileURLWithPath: payload))
        for _ in 0..<300 {
            var data = whole
            data[Int.random(in: 0..<data.count)] ^= 1 << Int.random(in: 0..<8)
            try replace(payload, data)
            expectError(.backupFailed, "a flipped bit") {
                _ = try reader.prove(in: backup.folder, recorded: backup.digest, verification: .checksum)
            }
        }
        for cut in 0..<60 {
            try replace(payload, whole.prefix(whole.count * cut / 60))
            expectError(.backupFailed, "cut \(cut)") {
                _ = try reader.prove(in: backup.folder, recorded: backup.digest, verification: .restore)
            }
        }
        try replace(payload, whole)
        _ = try reader.prove(in: backup.folder, recorded: backup.digest, verification: .restore)
    }

    func testAManifestOfTheFirstVersionIsRead() throws {
        let backup = try makeBackup()
        let manifest = try reader.manifest(in: backup.folder, recorded: backup.digest)
        let database = try XCTUnwrap(manifest.database)
        struct First: Encodable {
            let schemaVersion = 1
            let timestamp: Timestamp
            let project: String
            let environment: String
            let source: String
            let takenAt: Date
            let payload: BackupManifest.Payload
            let summary: DatabaseSummary
            let migrations: [AppliedMigration]
        }
        let first = First(
            timestamp: manifest.timestamp, project: manifest.project, environment: manifest.environment,
            source: database.source, takenAt: manifest.takenAt, payload: database.payload,
            summary: database.summary, migrations: database.migrations)
        let data = try JSON.data(first)
        try replace("\(backup.folder)/manifest.json", data)
        let read = try reader.prove(
            in: backup.folder, recorded: SHA256.hexadecimal(of: data), verification: .restore
        ).manifest
        XCTAssertEqual(read.database?.payload, database.payload)
        XCTAssertEqual(read.folders, [])
    }

    func testAnotherPayloadOrManifestIsFound() throws {
        let older = try makeBackup()
        try write("INSERT INTO a VALUES (3, 'three')", to: live)
        let newer = try take(2)
        let read = { (path: String) in try Data(contentsOf: URL(fileURLWithPath: path)) }
        let (payload, manifest) = ("\(newer.folder)/database.sqlite.zst", "\(newer.folder)/manifest.json")
        let (goodPayload, goodManifest) = (try read(payload), try read(manifest))

        try replace(payload, try read("\(older.folder)/database.sqlite.zst"))
        expectError(.backupFailed, "an older payload") {
            _ = try reader.prove(in: newer.folder, recorded: newer.digest, verification: .checksum)
        }
        try replace(payload, goodPayload)
        try replace(manifest, try read("\(older.folder)/manifest.json"))
        expectError(.backupFailed, "an older manifest") {
            _ = try reader.prove(in: newer.folder, recorded: newer.digest, verification: .checksum)
        }
        try replace(payload, try read("\(older.folder)/database.sqlite.zst"))
        expectError(.backupFailed, "a whole older backup has another digest than the recorded one") {
            _ = try reader.prove(in: newer.folder, recorded: newer.digest, verification: .checksum)
        }
        try FileManager.default.removeItem(atPath: manifest)
        expectError(.backupFailed, "no manifest") {
            _ = try reader.prove(in: newer.folder, recorded: newer.digest, verification: .checksum)
        }
        try replace(manifest, goodManifest)
        try FileManager.default.removeItem(atPath: payload)
        XCTAssertThrowsError(
            try reader.prove(in: newer.folder, recorded: newer.digest, verification: .checksum), "no payload")
    }

    func testAnEditedManifestIsFoundByItsDigestAndByItsContent() throws {
        let backup = try makeBackup()
        let path = "\(backup.folder)/manifest.json"
        let good = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        var doubled = try JSONDecoder().decode(BackupManifest.self, from: Data(good.utf8))
        let tables = try XCTUnwrap(doubled.database?.summary.tables)
        doubled.database?.summary.tables = tables + tables
        for (edit, text) in [
            ("rows", good.replacing("\"rows\":2", with: "\"rows\":3")),
            ("a table", good.replacing("\"name\":\"a\"", with: "\"name\":\"b\"")),
            ("a table named twice", String(decoding: try JSON.data(doubled), as: UTF8.self)),
            ("nothing", ""), ("half", String(good.prefix(good.count / 2))), ("a list", "[]"),
        ] {
            XCTAssertNotEqual(text, good, edit)
            try replace(path, Data(text.utf8))
            for digest in [backup.digest, SHA256.hexadecimal(of: text)] {
                expectError(.backupFailed, "\(edit) edited") {
                    _ = try reader.prove(in: backup.folder, recorded: digest, verification: .restore)
                }
            }
        }
        try replace(path, Data(good.replacing("production", with: "productiom").utf8))
        expectError(.backupFailed, "the environment edited") {
            _ = try reader.prove(in: backup.folder, recorded: backup.digest, verification: .restore)
        }
        XCTAssertEqual(
            try FileManager.default.contentsOfDirectory(atPath: "\(folder)/.deployctl/production/scratch"),
            [],
            "no scratch database stays")
    }

    func testAFileElsewhereIsNoPartOfABackup() throws {
        let backup = try makeBackup()
        let path = "\(backup.folder)/manifest.json"
        var manifest = try JSONDecoder().decode(
            BackupManifest.self, from: try Data(contentsOf: URL(fileURLWithPath: path)))
        let outside = "\(backups)/outside.sqlite.zst"
        try FileManager.default.copyItem(atPath: "\(backup.folder)/database.sqlite.zst", toPath: outside)
        for name in [
            "../outside.sqlite.zst", outside, "./database.sqlite.zst", "..", ".", "", "-d",
            "manifest.json", "database.sqlite.zst\n", "a\0b", "../../app/server.py.gpg",
        ] {
            manifest.database?.payload.file = name
            let data = try JSON.data(manifest)
            try replace(path, data)
            for digest in [backup.digest, SHA256.hexadecimal(of: data)] {
                expectError(.backupFailed, "a payload \(name)") {
                    _ = try reader.prove(in: backup.folder, recorded: digest, verification: .restore)
                }
            }
        }
    }

    func testALinkOrAPipeIsNoPartOfABackup() throws {
        let backup = try makeBackup()
        for name in ["database.sqlite.zst", "manifest.json"] {
            let (path, aside) = ("\(backup.folder)/\(name)", "\(folder)/aside-\(name)")
            try FileManager.default.moveItem(atPath: path, toPath: aside)
            for make in [{ symlink(aside, path) }, { mkfifo(path, 0o600) }, { mkdir(path, 0o700) }] {
                XCTAssertEqual(make(), 0)
                for verification in [Environment.BackupRules.Verification.checksum, .restore] {
                    expectError(.backupFailed, name) {
                        _ = try reader.prove(
                            in: backup.folder, recorded: backup.digest, verification: verification)
                    }
                }
                try FileManager.default.removeItem(atPath: path)
            }
            try FileManager.default.moveItem(atPath: aside, toPath: path)
        }
    }

    func testWhatIsWrittenToABackupWhileItIsUsedIsNotUsed() throws {
        try write("CREATE TABLE a (n); INSERT INTO a VALUES (1);", to: live)
        let (files, uploads) = (LocalFileStore(), "\(folder)/uploads")
        try files.makeFolder(uploads)
        try files.publish(Data("good".utf8), to: "\(uploads)/file")
        let stored = StoredBackups(engine: database, live: live, folder: folder, uploads: uploads)
        let backup = try stored.take(1)
        try files.publish(Data("evil".utf8), to: "\(uploads)/file")
        try write("INSERT INTO a VALUES (2)", to: live)
        let evil = try stored.take(2)
        let runner = MeddlingRunner {
            for (_, name) in backup.files {
                guard let data = FileManager.default.contents(atPath: "\(evil.folder)/\(name)"),
                    let file = FileHandle(forWritingAtPath: "\(backup.folder)/\(name)")
                else { return XCTFail("\(name) is missing") }
                file.truncateFile(atOffset: 0)
                file.write(data)
            }
        }
        var ports = SimulatedMachine().ports()
        (ports.files, ports.commands) = (files, runner)
        ports.databases = FakeDatabaseEngines(SQLiteApplicationDatabase(commands: runner))
        var environment = Environment(name: "production", project: "shop")
        environment.database = Environment.Database(engine: .sqlite, file: "app.db")
        let reader = BackupReader(Workspace(ports: ports, project: folder).site(environment))
        let manifest = try reader.manifest(in: backup.folder, recorded: backup.digest)

        expectError(.backupFailed, "what was written before it was read") {
            try reader.restore(manifest, in: backup.folder, to: location("restored.db"))
        }
        XCTAssertFalse(try database.exists(location("restored.db")))
        expectError(.backupFailed, "what was written meanwhile") {
            try reader.restore(manifest.folders[0], in: backup.folder, to: "\(folder)/restored")
        }
        XCTAssertNil(files.kind(of: "\(folder)/restored"))
    }
}

/// Does something else before each program starts.
private struct MeddlingRunner: CommandRunner {
    private let base = ProcessCommandRunner(interruption: FakeInterruption())
    let meddle: @Sendable () -> Void

    func run(_ request: CommandRequest) -> CommandResult {
        meddle()
        return base.run(request)
    }

    func runTogether(_ requests: [CommandRequest]) -> [CommandResult] { requests.map(run) }

    func runPiped(
        _ source: CommandRequest, into sink: CommandRequest,
        watching watch: @escaping @Sendable (UnsafeRawBufferPointer) -> Void
    ) -> (CommandResult, CommandResult) {
        meddle()
        return base.runPiped(source, into: sink, watching: watch)
    }
}
