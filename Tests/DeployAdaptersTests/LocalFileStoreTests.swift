import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

final class LocalFileStoreTests: FileStoreContract {
    private let runner = ProcessCommandRunner(interruption: FakeInterruption())

    override func open() throws -> (files: any FileStore, folder: String) {
        let folder = "\(try makeTestFolder())/contract"
        try LocalFileStore().makeFolder(folder)
        return (LocalFileStore(), folder)
    }

    func testModesDoNotDependOnTheUmask() throws {
        let folder = try makeTestFolder()
        let old = umask(0)
        defer { umask(old) }
        for mask: mode_t in [0, 0o077, 0o277, 0o777] {
            umask(mask)
            let inner = "\(folder)/\(mask)/deep"
            try files.makeFolder(inner)
            try files.publish(Data("x".utf8), to: "\(inner)/file")
            try files.copy("\(inner)/file", to: "\(inner)/copy", atMost: 1)
            var held = try files.lock("\(inner)/lock")
            XCTAssertNotNil(held)
            held = nil
            for name in ["file", "copy", "lock"] {
                XCTAssertEqual(files.permissions(of: "\(inner)/\(name)")?.mode, 0o600)
            }
            XCTAssertEqual(files.permissions(of: inner)?.mode, 0o700)
            XCTAssertEqual(files.permissions(of: "\(folder)/\(mask)")?.mode, 0o700)
        }
    }

    func testWhatIsForAllIsReadableWheneverSomebodyLooks() throws {
        let page = "\(try makeTestFolder())/page"
        try files.publishForAll(Data("first".utf8), to: page)
        let looks = Looks()
        Thread.detachNewThread { looks.go(at: page) }
        for number in 1...300 { try files.publishForAll(Data("\(number)".utf8), to: page) }
        looks.stop()
        XCTAssertEqual(looks.modes, [0o644])
    }

    func testPublishReplacesALinkAndNotWhatItPointsTo() throws {
        let folder = try makeTestFolder()
        try files.publish(Data("kept".utf8), to: "\(folder)/target")
        try files.pointLink("\(folder)/link", to: "target")
        try files.publish(Data("new".utf8), to: "\(folder)/link")
        XCTAssertEqual(try files.read("\(folder)/target"), Data("kept".utf8))
        XCTAssertEqual(files.kind(of: "\(folder)/link"), .file)
    }

    func testRemovesReadOnlyFoldersAndOddNames() throws {
        let folder = try makeTestFolder()
        let script =
            "mkdir -p t/a/b && : > t/a/b/f && : > \"$(printf 't/\\377 \\n')\" && mkfifo t/pipe && chmod 0500 t/a/b t/a"
        XCTAssertTrue(runner.run(CommandRequest(Command("/bin/sh", ["-c", script]), in: folder)).succeeded)
        try files.remove("\(folder)/t")
        XCTAssertEqual(files.names(in: folder), [])
    }

    func testManifestKeepsTheExecutableBitAndSkipsPipes() throws {
        let folder = try makeTestFolder()
        let script =
            "mkdir r && echo x > r/tool && chmod 755 r/tool && echo y > r/plain && chmod 644 r/plain && mkfifo r/pipe"
        XCTAssertTrue(runner.run(CommandRequest(Command("/bin/sh", ["-c", script]), in: folder)).succeeded)
        let manifest = try files.manifest(of: "\(folder)/r", except: [])
        XCTAssertEqual(manifest.entries.map(\.path), ["plain", "tool"])
        XCTAssertEqual(
            manifest.entries.last?.content, .file(sha256: SHA256.hexadecimal(of: "x\n"), executable: true))
        try files.copy(manifest, from: "\(folder)/r", to: "\(folder)/copy")
        XCTAssertEqual(files.permissions(of: "\(folder)/copy/tool")?.mode, 0o700)
        XCTAssertEqual(files.permissions(of: "\(folder)/copy/plain")?.mode, 0o600)
    }

    func testManifestRefusesADevice() throws {
        let folder = try makeTestFolder()
        guard mknod("\(folder)/device", S_IFCHR | 0o600, 0x0103) == 0 else {
            throw XCTSkip("only root can make a device")
        }
        expectError(.unexpected, "a device") { _ = try files.manifest(of: folder, except: []) }
    }

    func testManifestRefusesALineBreakInAName() throws {
        let folder = try makeTestFolder()
        try files.publish(Data(), to: "\(folder)/a\nb")
        expectError(.unexpected, "a line break") { _ = try files.manifest(of: folder, except: []) }
    }

    func testCopyNamesTheFlippedFileAndBothDigests() throws {
        let folder = try makeTestFolder()
        var bytes = Data(repeating: 7, count: 3_000_000)
        try files.makeFolder("\(folder)/r")
        try files.publish(bytes, to: "\(folder)/r/big")
        let manifest = try files.manifest(of: "\(folder)/r", except: [])
        let before = try files.digest(of: "\(folder)/r/big").sha256
        bytes[2_345_678] ^= 1
        try files.publish(bytes, to: "\(folder)/r/big")
        let after = try files.digest(of: "\(folder)/r/big").sha256
        XCTAssertNotEqual(before, after)
        do {
            try files.copy(manifest, from: "\(folder)/r", to: "\(folder)/copy")
            XCTFail("a flipped bit goes unseen")
        } catch {
            XCTAssertEqual(error.code, .gateRefused)
            XCTAssertTrue(error.what.contains("\(folder)/r/big"))
            XCTAssertTrue(error.why.contains(before) && error.why.contains(after))
        }
        XCTAssertNil(files.kind(of: "\(folder)/copy/big"))
    }

    func testAReleasesFilesAreCopiedWithTheirTimes() throws {
        let folder = try makeTestFolder()
        let script =
            "mkdir r && echo x=1 > r/m.py && touch -d '2001-02-03 04:05:06.789' r/m.py && python3 -m compileall -q r"
        XCTAssertTrue(runner.run(CommandRequest(Command("/bin/sh", ["-c", script]), in: folder)).succeeded)
        let manifest = try files.manifest(of: "\(folder)/r", except: [])
        XCTAssertEqual(manifest.entries.count, 2)
        try files.copy(manifest, from: "\(folder)/r", to: "\(folder)/copy")
        let use = Command("python3", ["-c", "import m"])
        XCTAssertTrue(runner.run(CommandRequest(use, in: "\(folder)/copy")).succeeded)
        XCTAssertEqual(
            try files.manifest(of: "\(folder)/copy", except: []).digest, manifest.digest,
            "byte code is used as it is")
        let times = CommandRequest(Command("stat", ["--format=%Y", "r/m.py", "copy/m.py"]), in: folder)
        XCTAssertEqual(runner.run(times).output, "981173106\n981173106\n")
    }

    func testCopyNeverLeavesItsDestination() throws {
        let folder = try makeTestFolder()
        try files.makeFolder("\(folder)/r/in")
        try files.publish(Data("x".utf8), to: "\(folder)/r/in/file")
        let content = Manifest.Entry.Content.file(sha256: SHA256.hexadecimal(of: "x"), executable: false)
        for path in ["../escaped", "/escaped", "in/../../escaped", "", "in//file"] {
            let manifest = Manifest(entries: [.init(path: path, content: content)])
            expectError(.gateRefused, "the path '\(path)'") {
                try files.copy(manifest, from: "\(folder)/r", to: "\(folder)/copy")
            }
        }
        try files.makeFolder("\(folder)/outside")
        try files.makeFolder("\(folder)/copy")
        try files.pointLink("\(folder)/copy/in", to: "\(folder)/outside")
        let manifest = try files.manifest(of: "\(folder)/r", except: [])
        expectError(.gateRefused, "a linked folder") {
            try files.copy(manifest, from: "\(folder)/r", to: "\(folder)/copy")
        }
        XCTAssertEqual(files.names(in: "\(folder)/outside"), [])
        XCTAssertNil(files.kind(of: "\(folder)/escaped"))
    }

    func testCopiesManyFiles() throws {
        let folder = try makeTestFolder()
        try files.makeFolder("\(folder)/r")
        let script =
            "i=0; while [ $i -lt 300 ]; do mkdir -p d$((i%7)); echo $i > d$((i%7))/$i; i=$((i+1)); done"
        XCTAssertTrue(
            runner.run(CommandRequest(Command("/bin/sh", ["-c", script]), in: "\(folder)/r")).succeeded)
        let manifest = try files.manifest(of: "\(folder)/r", except: [])
        XCTAssertEqual(manifest.entries.count, 300)
        try files.copy(manifest, from: "\(folder)/r", to: "\(folder)/copy")
        XCTAssertEqual(try files.manifest(of: "\(folder)/copy", except: []).digest, manifest.digest)
    }

    func testAReaderNeverMissesASwappedLink() throws {
        let folder = try makeTestFolder()
        for name in ["a", "b"] {
            try files.makeFolder("\(folder)/\(name)")
            try files.publish(Data(name.utf8), to: "\(folder)/\(name)/name")
        }
        try files.pointLink("\(folder)/current", to: "a")
        let script = """
            import os, sys
            seen = set()
            open("started", "w").close()
            while not os.path.exists("stop"):
                seen.add(open("current/name").read())
            print("".join(sorted(seen)))
            """
        let request = CommandRequest(Command("python3", ["-c", script]), in: folder)
        let runner = runner
        let group = DispatchGroup()
        nonisolated(unsafe) var result: CommandResult?
        DispatchQueue.global().async(group: group) { result = runner.run(request) }
        XCTAssertTrue(eventually { files.kind(of: "\(folder)/started") != nil })
        for _ in 0..<500 {
            try files.pointLink("\(folder)/current", to: "b")
            try files.pointLink("\(folder)/current", to: "a")
        }
        try files.publish(Data(), to: "\(folder)/stop")
        group.wait()
        XCTAssertEqual(result, CommandResult(.exited(0), output: "ab\n"))
    }

    func testAFullFileSystemKeepsTheOldContentAndSaysWhatToDo() throws {
        let folder = try makeTestFolder()
        let mount = CommandRequest(Command("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]))
        guard runner.run(mount).succeeded else {
            XCTAssertNotEqual(geteuid(), 0, "root can mount")
            throw XCTSkip("only root can mount a small file system")
        }
        defer { XCTAssertTrue(runner.run(CommandRequest(Command("umount", ["-l", folder]))).succeeded) }
        try files.publish(Data("old".utf8), to: "\(folder)/file")
        do {
            try files.publish(Data(count: 2_000_000), to: "\(folder)/file")
            XCTFail("two megabytes fit into one")
        } catch {
            XCTAssertEqual(error.why, "No space left on device")
            XCTAssertTrue(
                error.what.contains("\(folder)/file") && error.next.contains("free space"), "\(error)")
        }
        XCTAssertEqual(try files.read("\(folder)/file"), Data("old".utf8))
        XCTAssertEqual(files.names(in: folder), ["file"], "the partial file is gone")
        XCTAssertLessThan(files.freeBytes(at: "\(folder)/x/y") ?? .max, 1 << 20)

        XCTAssertTrue(runner.run(CommandRequest(Command("mount", ["-o", "remount,ro", folder]))).succeeded)
        do {
            try files.publish(Data("new".utf8), to: "\(folder)/file")
            XCTFail("a read-only file system takes a file")
        } catch {
            XCTAssertEqual(error.why, "Read-only file system")
            XCTAssertTrue(error.next.contains("writable"), "\(error)")
        }
    }
}

/// Looks at a file again and again while somebody else replaces it.
private final class Looks: @unchecked Sendable {
    private let lock = NSCondition()
    private var isStopping = false
    private var hasEnded = false
    private var found: Set<mode_t> = []

    var modes: Set<mode_t> { lock.withLock { found } }

    func go(at path: String) {
        while !lock.withLock({ isStopping }) {
            guard let mode = LocalFileStore().permissions(of: path)?.mode else { continue }
            _ = lock.withLock { found.insert(mode_t(mode)) }
        }
        lock.withLock {
            hasEnded = true
            lock.signal()
        }
    }

    func stop() {
        lock.withLock {
            isStopping = true
            while !hasEnded { lock.wait() }
        }
    }
}
