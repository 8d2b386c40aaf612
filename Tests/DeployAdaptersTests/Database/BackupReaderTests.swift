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
        try files.publish(JSON.data(manifest), to: "\(place)/manifest.json")
        return (place, try reader.prove(in: place, verification: .restore).digest)
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
                _ = try reader.prove(in: backup.folder, verification: .checksum)
            }
        }
        for cut in 0..<60 {
            try replace(payload, whole.prefix(whole.count * cut / 60))
            expectError(.backupFailed, "cut \(cut)") {
                _ = try reader.prove(in: backup.folder, verification: .restore)
            }
        }
        try replace(payload, whole)
        XCTAssertEqual(try reader.prove(in: backup.folder, verification: .restore).digest, backup.digest)
    }

    func testAManifestOfTheFirstVersionIsRead() throws {
        let backup = try makeBackup()
        let (manifest, _) = try reader.manifest(in: backup.folder)
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
        try replace("\(backup.folder)/manifest.json", try JSON.data(first))
        let read = try reader.prove(in: backup.folder, verification: .restore).manifest
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
            _ = try reader.prove(in: newer.folder, verification: .checksum)
        }
        try replace(payload, goodPayload)
        try replace(manifest, try read("\(older.folder)/manifest.json"))
        expectError(.backupFailed, "an older manifest") {
            _ = try reader.prove(in: newer.folder, verification: .checksum)
        }
        try replace(payload, try read("\(older.folder)/database.sqlite.zst"))
        XCTAssertNotEqual(
            try reader.prove(in: newer.folder, verification: .checksum).digest, newer.digest,
            "a whole older backup has another digest than the recorded one")
        try FileManager.default.removeItem(atPath: manifest)
        expectError(.backupFailed, "no manifest") {
            _ = try reader.prove(in: newer.folder, verification: .checksum)
        }
        try replace(manifest, goodManifest)
        try FileManager.default.removeItem(atPath: payload)
        XCTAssertThrowsError(try reader.prove(in: newer.folder, verification: .checksum), "no payload")
    }

    func testAnEditedManifestIsFoundByItsContentOrItsDigest() throws {
        let backup = try makeBackup()
        let path = "\(backup.folder)/manifest.json"
        let good = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        for (edit, text) in [
            ("rows", good.replacing("\"rows\":2", with: "\"rows\":3")),
            ("a table", good.replacing("\"name\":\"a\"", with: "\"name\":\"b\"")),
            ("nothing", ""), ("half", String(good.prefix(good.count / 2))), ("a list", "[]"),
        ] {
            XCTAssertNotEqual(text, good, edit)
            try replace(path, Data(text.utf8))
            expectError(.backupFailed, "\(edit) edited") {
                _ = try reader.prove(in: backup.folder, verification: .restore)
            }
        }
        var manifest = try JSONDecoder().decode(BackupManifest.self, from: Data(good.utf8))
        var database = try XCTUnwrap(manifest.database)
        database.summary.tables.append(database.summary.tables[0])
        manifest.database = database
        try replace(path, try JSON.data(manifest))
        expectError(.backupFailed, "a table named twice") {
            _ = try reader.prove(in: backup.folder, verification: .restore)
        }
        try replace(path, Data(good.replacing("production", with: "productiom").utf8))
        XCTAssertNotEqual(try reader.prove(in: backup.folder, verification: .restore).digest, backup.digest)
        XCTAssertEqual(
            try FileManager.default.contentsOfDirectory(atPath: "\(folder)/.deployctl/production/scratch"),
            [],
            "no scratch database stays")
    }
}
