import DeployTestSupport
import Foundation
import XCTest

/// T12: no file can be made any more, none can grow, or the file system can only be read.
final class OtherLimitsTests: XCTestCase {
    /// What stops a run from writing.
    private enum Limit: CustomStringConvertible {
        /// So many files can still be made.
        case files(Int)
        /// No file may have more bytes.
        case bytes(Int)
        /// Nothing below this folder can be changed.
        case readOnly(String)
        /// The same from the moment the run begins a backup.
        case turningReadOnly(String)

        var description: String {
            switch self {
            case .files(let count): "\(count) inodes left"
            case .bytes(let count): "files of \(count) bytes"
            case .readOnly(let folder): "read-only \(folder)"
            case .turningReadOnly(let folder): "\(folder) turning read-only"
            }
        }

        /// What the system says.
        var words: String {
            switch self {
            case .files: "No space left on device"
            case .bytes: "File too large"
            case .readOnly, .turningReadOnly: "Read-only file system"
            }
        }
    }

    private var limits: [Limit] {
        let bytes = [0, 1, 4096, 40_000, 131_072, 300_000, 700_000, 1_500_000]
        let places = [".", ".deployctl", ".deployctl/production", "backups", "logs"]
        guard CrashSweep.isSoak else {
            return [
                .files(0), .files(6), .bytes(131_072), .bytes(0), .readOnly("."), .turningReadOnly("backups"),
            ]
        }
        let turning = (0..<6).map { _ in Limit.turningReadOnly("backups") }
        return (0..<24).map { .files($0) } + bytes.map { .bytes($0) }
            + (1...20).map { .bytes($0 * 70_000) } + places.map { .readOnly($0) } + turning
    }

    func testNoFilesNoSizeAndNoWritingHarmNothing_T12() throws {
        let disk = try SmallDisk(megabytes: 64, files: 3000, for: self)
        let shop = disk.shop
        try shop.commit(["migrations/V0001_ballast.sql": FullDiskTests.data])
        try shop.deployTwoReleases()
        try shop.run("backup", "create", "production").expect(0)
        var codes: [String] = []
        for (number, limit) in limits.enumerated() {
            let source = try XCTUnwrap(try shop.backups("production").first).timestamp
            let verbs = [
                ["backup", "create", "production"],
                ["backup", "restore", "production", source, "--confirm", "CONFIRM"],
            ]
            for verb in CrashSweep.isSoak ? verbs : [verbs[number / 2 % 2]] {
                codes.append("\(try run(verb, under: limit, disk))")
            }
            guard CrashSweep.isSoak || number == limits.count - 1 else { continue }
            try shop.run("backup", "verify", "production", "--all").expect(0, "\(limit)")
        }
        print("T12 \(limits.count) other limits, ended with \(codes.joined(separator: " "))")
        try shop.run("backup", "create", "production").expect(0)
    }

    private func run(_ verb: [String], under limit: Limit, _ disk: SmallDisk) throws -> Int32 {
        let (shop, claim) = (disk.shop, "\(verb.prefix(2).joined(separator: " ")), \(limit)")
        let (before, known) = (try shop.world("production"), try shop.backups("production").map(\.timestamp))
        let run = try start(verb, under: limit, disk)
        if run.status != 0 {
            let isUnsettled = run.status == 16 && run.errors.contains("deployctl abort production")
            try expect(
                [12, 14, 15].contains(run.status) || isUnsettled, "\(claim): \(run.status)\n\(run.errors)")
            try run.expectExplained()
            try expect(
                run.errors.contains(shop.project) && run.errors.contains(limit.words),
                "\(claim): the message names place and reason\n\(run.errors)")
        }
        let place = try shop.status("production").place
        if place.state == "interrupted" { try shop.run("abort", "production").expect(0, claim) }
        try expectEqual(try shop.status("production").place.state, "healthy", claim)
        try expectEqual(try shop.world("production"), before, claim)
        // A safety backup that was proved before the failure stays.
        let kept = try shop.backups("production").map(\.timestamp).filter {
            verb[1] == "create" || known.contains($0)
        }
        if run.status != 0 { try expectEqual(kept, known, "\(claim): backups") }
        try expect(try shop.strays("production").isEmpty, "\(claim): stray processes")
        return run.status
    }

    private func start(_ verb: [String], under limit: Limit, _ disk: SmallDisk) throws -> ProgramRun {
        let (shop, words) = (disk.shop, [disk.shop.binary] + verb)
        switch limit {
        case .files(let count): return try disk.leaving(files: count) { try shop.runProgram(words) }
        case .bytes(let count):
            // What it says would not fit into a file either.
            let script = "prlimit --fsize=$0 -- \"$@\" 2>&1 | cat >&2"
            return try shop.runProgram(["bash", "-o", "pipefail", "-c", script, "\(count)"] + words)
        case .readOnly(let folder): return try apart(words, folder, "ro", shop).wait()
        case .turningReadOnly(let folder):
            let run = try apart(words, folder, "rw", shop)
            try run.awaitError("Back up the database: started")
            let remount = [
                "nsenter", "--target", "\(run.pid)", "--mount", "mount", "-o", "remount,ro,bind",
                place(folder, shop),
            ]
            // Refused while a file there is open for writing, and pointless when the run has ended.
            XCTAssertTrue(
                eventually { kill(run.pid, 0) != 0 || (try? shop.runProgram(remount).status) == 0 })
            return try run.wait()
        }
    }

    private func place(_ folder: String, _ shop: DeployctlFixture) -> String {
        folder == "." ? shop.project : "\(shop.project)/\(folder)"
    }

    /// Starts a program for which a folder is mounted once more, so that its mode changes for nobody else.
    private func apart(_ words: [String], _ folder: String, _ mode: String, _ shop: DeployctlFixture) throws
        -> StartedProgram
    {
        let script = """
            mount --bind "$1" "$1" && mount -o "remount,$3,bind" "$1" && cd "$2" && shift 3 && exec "$@"
            """
        return try shop.start(
            ["unshare", "--mount", "sh", "-c", script, "sh", place(folder, shop), shop.project, mode] + words)
    }

    func testFewOpenFilesAreMadeEnoughOrAreRefusedByNumber() throws {
        let shop = try DeployctlFixture(for: self)
        func staging(_ limit: String) throws -> ProgramRun {
            try shop.runProgram(["prlimit", "--nofile=\(limit)", shop.binary, "staging"])
        }
        let refused = try staging("12:40").expect(15)
        XCTAssertTrue(refused.errors.contains("the limit is 40, and deployctl needs 64"), refused.errors)
        XCTAssertFalse(FileManager.default.fileExists(atPath: "\(shop.project)/.deployctl"))
        try staging("12:1024").expect(0)
    }
}
