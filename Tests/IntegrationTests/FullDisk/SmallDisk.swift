import DeployTestSupport
import Foundation
import XCTest

/// A project on a file system of its own, so small that it can be filled.
struct SmallDisk {
    let shop: DeployctlFixture
    private var ballast: String { "\(shop.project)/ballast" }

    init(megabytes: Int, files: Int? = nil, for test: XCTestCase) throws {
        try Self.demandRoot()
        try self.init(megabytes: megabytes, files: files, holding: DeployctlFixture(for: test), for: test)
    }

    /// Moves the project of a shop that nothing was deployed from yet.
    init(megabytes: Int, files: Int? = nil, holding shop: DeployctlFixture, for test: XCTestCase) throws {
        self.shop = shop
        let aside = "\(shop.folder)/aside"
        try FileManager.default.moveItem(atPath: shop.project, toPath: aside)
        try FileManager.default.createDirectory(atPath: shop.project, withIntermediateDirectories: true)
        test.addTeardownBlock {
            shop.killProcesses()
            Self.run("umount", "--lazy", shop.project)
        }
        let inodes = files.map { ",nr_inodes=\($0)" } ?? ""
        XCTAssertTrue(
            Self.run(
                "mount", "-t", "tmpfs", "-o", "mode=0755,size=\(megabytes)m\(inodes)", "tmpfs", shop.project))
        XCTAssertTrue(Self.run("cp", "-a", "\(aside)/.", shop.project))
    }

    /// Skips where nobody may mount; fails there when everything is required.
    static func demandRoot() throws {
        if getuid() != 0 { throw lacking("right to mount a small file system") }
    }

    /// Bytes that can still be written.
    var free: Int {
        var info = statvfs()
        return statvfs(shop.project, &info) == 0 ? Int(info.f_bavail) * Int(info.f_bsize) : 0
    }

    /// Leaves so many files that can still be made while `body` runs.
    func leaving<Value>(files: Int, _ body: () throws -> Value) throws -> Value {
        let folder = "\(shop.project)/ballast"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var number = 0
        while freeFiles > files, number < 1_000_000 {
            number += 1
            try expect(
                FileManager.default.createFile(atPath: "\(folder)/\(number)", contents: nil), "a small file")
        }
        return try body()
    }

    /// Files that can still be made.
    private var freeFiles: Int {
        var info = statvfs()
        return statvfs(shop.project, &info) == 0 ? Int(info.f_favail) : 0
    }

    /// Leaves so many bytes while `body` runs.
    func leaving<Value>(_ bytes: Int, _ body: () throws -> Value) throws -> Value {
        _ = FileManager.default.createFile(atPath: ballast, contents: nil)
        defer { try? FileManager.default.removeItem(atPath: ballast) }
        let handle = try XCTUnwrap(FileHandle(forWritingAtPath: ballast))
        try expect(allocate(handle.fileDescriptor, leaving: bytes), "a ballast that leaves \(bytes) bytes")
        try handle.close()
        return try body()
    }

    /// Others write too: what was free a moment ago may not be any more.
    private func allocate(_ descriptor: Int32, leaving bytes: Int) -> Bool {
        (0..<100).contains { _ in
            let size = free - bytes
            return size <= 0 || posix_fallocate(descriptor, 0, size) == 0
        }
    }

    @discardableResult
    static func run(_ words: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}

extension DeployctlFixture {
    /// It was refused or taken back, and says where there is no room.
    func expectNoRoom(_ run: ProgramRun, _ claim: String) throws {
        // 16 only where not even the outcome could be written: it names the command to type.
        let isUnsettled = run.status == 16 && run.errors.contains("deployctl abort production")
        try expect(
            [12, 14, 15].contains(run.status) || isUnsettled, "\(claim): \(run.status)\n\(run.errors)")
        try run.expectExplained()
        let names = run.errors.contains(project) || run.errors.contains("No space left on device")
        try expect(names, "\(claim): the message names the place\n\(run.errors)")
    }
}

extension SmallDisk {
    /// A promotion while the disk filled up, and what has to be true after it.
    struct Promotion {
        let run: ProgramRun
        let world: World
        /// Backups of before, and the run's own where it was proved.
        let known: [String]
    }

    /// The gate found room, and others take it meanwhile.
    func promote(leaving bytes: Int) throws -> Promotion {
        let version = "left \(bytes)"
        try shop.commit(version: version)
        try shop.run("staging").expect(0, version)
        let before = try shop.world("production")
        let known = try shop.backups("production").map(\.timestamp)
        let started = try shop.start([shop.binary, "production", "--confirm", "CONFIRM"])
        try started.awaitError("Back up the database: started")
        usleep(UInt32.random(in: 0...40_000))
        let run = try leaving(bytes) { try started.wait() }
        let world = World(version: run.status == 0 ? version : before.version, items: before.items)
        let isProved = run.errors.contains("Prove the backup by restoring it: done")
        let backups = try shop.backups("production").map(\.timestamp)
        // On a busy machine the disk is full only when the run has a backup that it can stand by.
        let kept = isProved ? Array(backups.prefix(1)) + known : known
        return Promotion(run: run, world: world, known: kept)
    }
}
