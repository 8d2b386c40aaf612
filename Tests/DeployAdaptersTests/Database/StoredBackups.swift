import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// Backups of one engine in a folder, and what may happen to their files there.
struct StoredBackups {
    let engine: any ApplicationDatabase
    let live: DatabaseLocation
    let folder: String
    /// A folder of files that each backup takes too.
    var uploads: String?
    /// For whom its files are encrypted.
    var encryption: Environment.BackupRules.Encryption?

    /// All of a sweep in a soak, a sample elsewhere.
    static func count(_ all: Int, sample: Int) -> Int {
        ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] == "1" ? all : sample
    }

    private var environment: Environment {
        var environment = Environment(name: "production", project: "shop")
        environment.backup.encryption = encryption
        return environment
    }

    private var commands: ProcessCommandRunner { ProcessCommandRunner(interruption: FakeInterruption()) }

    private var reader: BackupReader {
        var ports = SimulatedMachine().ports()
        (ports.files, ports.databases) = (LocalFileStore(), FakeDatabaseEngines(engine))
        return BackupReader(Workspace(ports: ports, project: folder).site(environment))
    }

    /// One backup as the tool leaves it, with the digest its record names.
    struct Stored {
        let folder: String
        let digest: String
        /// File names by what they are.
        let files: [(kind: String, name: String)]

        var payload: String { "\(folder)/\(files[0].name)" }
    }

    func take(_ number: Int) throws -> Stored {
        let place = "\(folder)/backups/\(Sample.timestamp(number))"
        let files = LocalFileStore()
        try files.makeFolder(place)
        let payload = "\(place)/\(engine.payloadName)"
        let snapshot = try engine.backUp(live, to: payload)
        let part = BackupManifest.Database(
            source: live.name, payload: try stored(engine.payloadName, in: place), summary: snapshot.summary,
            migrations: snapshot.migrations)
        let manifest = BackupManifest(
            timestamp: Sample.timestamp(number), project: "shop", environment: "production", release: nil,
            takenAt: Sample.timestamp(number).date, database: part,
            folders: try uploads.map { [try pack($0, in: place)] } ?? [])
        let data = try JSON.data(manifest)
        try files.publish(data, to: "\(place)/\(BackupManifest.fileName)")
        let digest = SHA256.hexadecimal(of: data)
        _ = try reader.prove(in: place, recorded: digest, verification: .checksum)
        let archives = manifest.folders.flatMap {
            [("archive", $0.archive.file), ("listing", $0.listing.file)]
        }
        return Stored(
            folder: place, digest: digest,
            files: [("payload", part.payload.file), ("manifest", BackupManifest.fileName)] + archives)
    }

    /// Encrypted, where it has to be.
    private func stored(_ name: String, in place: String) throws -> BackupManifest.Payload {
        let files = LocalFileStore()
        let seal = BackupEncryptor(
            Layout(project: folder, environment: environment), files: files, commands: commands)
        let name = try seal?.seal(name, from: place, to: place) ?? name
        return .init(
            file: name, digest: try files.digest(of: "\(place)/\(name)"), recipients: seal?.recipients)
    }

    private func pack(_ uploads: String, in place: String) throws -> BackupManifest.Folder {
        let files = LocalFileStore()
        let archive = FolderArchive(files: files, commands: commands)
        let content = try archive.pack(
            uploads, to: "\(place)/uploads.tar.zst", copying: "\(folder)/scratch/uploads")
        try files.publish(Data(content.lines.utf8), to: "\(place)/uploads.list")
        let payloads = try ["uploads.tar.zst", "uploads.list"].map { try stored($0, in: place) }
        return BackupManifest.Folder(
            name: "uploads", archive: payloads[0], listing: payloads[1], files: content.files,
            bytes: content.bytes)
    }

    /// Whether the stage that needs no database takes these files for the backup that was recorded.
    func accepts(_ backup: Stored) -> Bool {
        (try? reader.prove(in: backup.folder, recorded: backup.digest, verification: .checksum)) != nil
    }

    /// - Returns: how many of the damages were taken for the backup.
    func accepted(flips: Int, cuts: Int, of path: String, in backup: Stored) throws -> Int {
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        func accepts(_ data: Data) throws -> Int {
            try data.write(to: URL(fileURLWithPath: path))
            return self.accepts(backup) ? 1 : 0
        }
        var found = 0
        for number in 0..<flips {
            var data = whole
            // A prime step over all bits, so that every part of the file is hit.
            let bit = (number * 104_729 + 7) % (data.count * 8)
            data[bit / 8] ^= 1 << UInt8(bit % 8)
            found += try accepts(data)
        }
        for number in 0..<cuts { found += try accepts(whole.prefix(whole.count * number / cuts)) }
        XCTAssertEqual(try accepts(whole), 1, "the whole file is the backup again")
        return found
    }

    func checkDamage(_ name: String) throws { try checkDamage(name, of: take(1)) }

    func checkDamage(_ name: String, of backup: Stored) throws {
        let (flips, cuts) = (Self.count(1000, sample: 50), Self.count(100, sample: 10))
        for (kind, file) in backup.files {
            let path = "\(backup.folder)/\(file)"
            let accepted = try accepted(flips: flips, cuts: cuts, of: path, in: backup)
            print("T11 \(kind) of \(name): \(flips) flips, \(cuts) cuts, \(accepted) accepted")
            XCTAssertEqual(accepted, 0, kind)
        }
    }

    /// `change` makes the data of the newer backup another one.
    func checkSwaps(_ change: () throws -> Void) throws {
        let older = try take(1)
        try change()
        let newer = try take(2)
        let names = [engine.payloadName, BackupManifest.fileName]
        for mixed in [[names[0]], [names[1]], names] {
            for (left, right) in mixed.map({ ("\(older.folder)/\($0)", "\(newer.folder)/\($0)") }) {
                try swap(left, right)
            }
            for backup in [older, newer] { XCTAssertFalse(accepts(backup), "\(mixed) swapped") }
            for (left, right) in mixed.map({ ("\(older.folder)/\($0)", "\(newer.folder)/\($0)") }) {
                try swap(left, right)
            }
            for backup in [older, newer] { XCTAssertTrue(accepts(backup), "\(mixed) swapped back") }
        }
    }

    private func swap(_ left: String, _ right: String) throws {
        let files = LocalFileStore()
        try files.rename(left, to: "\(left).aside")
        try files.rename(right, to: left)
        try files.rename("\(left).aside", to: right)
    }
}
