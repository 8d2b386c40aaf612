import DeployCore
import Foundation
import XCTest

/// What every `FileStore` keeps, on a folder that nobody else uses.
public func checkFileStoreContract(_ files: any FileStore, root: String) throws {
    let folder = "\(root)/contract"
    try files.makeFolder(folder)
    try checkFiles(files, folder)
    try checkFolders(files, folder)
    try checkLinks(files, folder)
    try checkManifests(files, folder)
    try checkContents(files, folder)
    try checkLocks(files, folder)
    try files.remove(folder)
    XCTAssertNil(files.kind(of: folder), "a removed folder is gone")
}

private func checkFiles(_ files: any FileStore, _ folder: String) throws {
    let path = "\(folder)/file"
    XCTAssertNil(try files.read(path))
    XCTAssertNil(files.kind(of: path))
    XCTAssertNil(files.size(of: path))
    XCTAssertNil(files.permissions(of: path))

    try files.publish(Data("one".utf8), to: path)
    XCTAssertEqual(try files.read(path), Data("one".utf8))
    try files.publish(Data("second".utf8), to: path)
    XCTAssertEqual(try files.read(path), Data("second".utf8), "publishing replaces the whole file")
    XCTAssertEqual(files.size(of: path), 6)
    XCTAssertEqual(files.kind(of: path), .file)
    XCTAssertEqual(files.permissions(of: path), FilePermissions(mode: 0o600, ownedByUser: true))
    XCTAssertEqual(files.names(in: folder), ["file"], "no temporary file stays behind")

    try files.publish(Data(), to: "\(folder)/empty")
    XCTAssertEqual(try files.read("\(folder)/empty"), Data())
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    XCTAssertEqual(try files.digest(of: "\(folder)/empty"), FileDigest(bytes: 0, sha256: empty))

    let digest = try files.copy(path, to: "\(folder)/copy")
    XCTAssertEqual(digest, FileDigest(bytes: 6, sha256: SHA256.hexadecimal(of: "second")))
    XCTAssertEqual(try files.read("\(folder)/copy"), Data("second".utf8))
    expectError(.unexpected, "copying onto a file that is there") {
        _ = try files.copy(path, to: "\(folder)/copy")
    }
    expectError(.unexpected, "copying nothing") { _ = try files.copy("\(folder)/none", to: "\(folder)/x") }
    expectError(.unexpected, "hashing nothing") { _ = try files.digest(of: "\(folder)/none") }
    expectError(.unexpected, "publishing into no folder") {
        try files.publish(Data(), to: "\(folder)/none/file")
    }

    try files.rename("\(folder)/copy", to: path)
    XCTAssertNil(files.kind(of: "\(folder)/copy"))
    XCTAssertEqual(try files.read(path), Data("second".utf8))
    expectError(.unexpected, "moving nothing") { try files.rename("\(folder)/none", to: path) }
    try files.remove(path)
    try files.remove(path)
    try files.remove("\(folder)/empty")
    XCTAssertEqual(files.names(in: folder), [])
    XCTAssertGreaterThan(files.freeBytes(at: "\(folder)/not/there/yet") ?? 0, 0)
}

private func checkFolders(_ files: any FileStore, _ folder: String) throws {
    try files.makeFolder("\(folder)/a/b/c")
    try files.makeFolder("\(folder)/a/b/c")
    XCTAssertEqual(files.kind(of: "\(folder)/a/b"), .folder)
    XCTAssertEqual(files.permissions(of: "\(folder)/a/b"), FilePermissions(mode: 0o700, ownedByUser: true))
    try files.publish(Data("x".utf8), to: "\(folder)/a/z")
    try files.publish(Data("x".utf8), to: "\(folder)/a/A")
    try files.publish(Data("x".utf8), to: "\(folder)/a/.hidden")
    XCTAssertEqual(files.names(in: "\(folder)/a"), [".hidden", "A", "b", "z"], "names come in byte order")
    XCTAssertEqual(files.names(in: "\(folder)/none"), [])
    expectError(.unexpected, "a folder where a file is") { try files.makeFolder("\(folder)/a/z") }
    try files.rename("\(folder)/a", to: "\(folder)/moved")
    XCTAssertEqual(try files.read("\(folder)/moved/z"), Data("x".utf8))
    try files.remove("\(folder)/moved")
    XCTAssertEqual(files.names(in: folder), [])
}

private func checkContents(_ files: any FileStore, _ folder: String) throws {
    let (one, other) = ("\(folder)/one", "\(folder)/other")
    try files.makeFolder("\(one)/empty")
    try files.publish(Data("a".utf8), to: "\(one)/Größe 9%.txt")
    try files.pointLink("\(one)/link", to: "a b")
    let content = try files.content(of: one, hashing: true)
    let paths = ["Gr%C3%B6%C3%9Fe%209%25.txt", "empty", "link"]
    XCTAssertEqual(content.entries.map(\.path), paths, "any name, links, and folders with nothing in them")
    XCTAssertEqual(content.entries.map(\.mode), [0o600, 0o700, 0])
    XCTAssertEqual(
        content.entries.map(\.kind),
        [.file(bytes: 1, sha256: SHA256.hexadecimal(of: "a")), .folder, .link(target: "a%20b")])
    XCTAssertEqual(FolderContent(lines: content.lines), content, "a listing is read back as it was")
    XCTAssertEqual(content.files, 2)
    XCTAssertEqual(
        try files.content(of: one, hashing: false).entries.first?.kind, .file(bytes: 1, sha256: ""))
    expectError(.unexpected, "the content of nothing") {
        _ = try files.content(of: "\(folder)/none", hashing: true)
    }

    try files.makeFolder(other)
    let identity = try XCTUnwrap(files.identity(of: one))
    XCTAssertNotEqual(files.identity(of: other), identity)
    try files.exchange(one, with: other)
    XCTAssertEqual(files.identity(of: other), identity, "what a folder is goes with it to its new name")
    XCTAssertEqual(try files.content(of: other, hashing: true), content)
    XCTAssertEqual(files.names(in: one), [])
    try files.makeDurable(other)
    expectError(.unexpected, "making nothing durable") { try files.makeDurable("\(folder)/none") }
    expectError(.unexpected, "exchanging with nothing") {
        try files.exchange(one, with: "\(folder)/none")
    }
    XCTAssertNil(files.identity(of: "\(folder)/none"))
    try files.remove(one)
    try files.remove(other)
}

private func checkLinks(_ files: any FileStore, _ folder: String) throws {
    try files.makeFolder("\(folder)/target")
    try files.publish(Data("kept".utf8), to: "\(folder)/target/file")
    XCTAssertNil(files.linkTarget("\(folder)/current"))
    try files.pointLink("\(folder)/current", to: "nowhere")
    try files.pointLink("\(folder)/current", to: "target")
    XCTAssertEqual(files.linkTarget("\(folder)/current"), "target")
    XCTAssertEqual(files.kind(of: "\(folder)/current"), .link)
    XCTAssertNil(files.linkTarget("\(folder)/target"), "a folder is no link")
    XCTAssertEqual(files.names(in: folder), ["current", "target"])
    try files.remove("\(folder)/current")
    XCTAssertEqual(
        try files.read("\(folder)/target/file"), Data("kept".utf8), "removing a link keeps its target")

    try files.makeFolder("\(folder)/holder")
    try files.pointLink("\(folder)/holder/link", to: "\(folder)/target")
    try files.remove("\(folder)/holder")
    XCTAssertEqual(try files.read("\(folder)/target/file"), Data("kept".utf8), "removal follows no link")
    try files.remove("\(folder)/target")
}

private func checkManifests(_ files: any FileStore, _ folder: String) throws {
    let release = "\(folder)/release"
    try files.makeFolder("\(release)/a")
    try files.makeFolder("\(release)/left/out")
    try files.publish(Data("1".utf8), to: "\(release)/a/file")
    try files.publish(Data("2".utf8), to: "\(release)/a.b")
    try files.publish(Data("3".utf8), to: "\(release)/left/out/file")
    try files.pointLink("\(release)/link", to: "a/file")

    let manifest = try files.manifest(of: release, except: ["left"])
    XCTAssertEqual(
        manifest.entries,
        [
            .init(path: "a.b", content: .file(sha256: SHA256.hexadecimal(of: "2"), executable: false)),
            .init(path: "a/file", content: .file(sha256: SHA256.hexadecimal(of: "1"), executable: false)),
            .init(path: "link", content: .link(target: "a/file")),
        ], "entries come in byte order of their whole path")
    expectError(.unexpected, "a manifest of nothing") {
        _ = try files.manifest(of: "\(folder)/none", except: [])
    }

    try files.copy(manifest, from: release, to: "\(folder)/copied")
    XCTAssertEqual(try files.manifest(of: "\(folder)/copied", except: []), manifest)

    try files.publish(Data("X".utf8), to: "\(release)/a/file")
    expectError(.gateRefused, "a changed byte") {
        try files.copy(manifest, from: release, to: "\(folder)/second")
    }
    try files.remove("\(release)/a/file")
    expectError(.gateRefused, "a missing file") {
        try files.copy(manifest, from: release, to: "\(folder)/third")
    }
    for name in ["release", "copied", "second", "third"] { try files.remove("\(folder)/\(name)") }
}

private func checkLocks(_ files: any FileStore, _ folder: String) throws {
    let path = "\(folder)/lock"
    var held = try files.lock(path)
    XCTAssertNotNil(held)
    XCTAssertNil(try files.lock(path), "a held lock is not given twice")
    held?.describe("a long description of the holder")
    held?.describe("short")
    XCTAssertEqual(try files.read(path), Data("short".utf8))
    held = nil
    XCTAssertNotNil(try files.lock(path), "dropping the last reference releases the lock")
    try files.makeFolder("\(folder)/folder")
    expectError(.unexpected, "a lock on a folder") { _ = try files.lock("\(folder)/folder") }
    try files.pointLink("\(folder)/link", to: "lock")
    expectError(.unexpected, "a lock through a link") { _ = try files.lock("\(folder)/link") }
    for name in ["lock", "folder", "link"] { try files.remove("\(folder)/\(name)") }
}

/// Fails the test unless `body` throws an error with this code, a cause and a next step.
public func expectError(
    _ code: ExitCode, _ action: String, file: StaticString = #filePath, line: UInt = #line,
    _ body: () throws -> Void
) {
    do {
        try body()
        XCTFail("\(action) is not refused", file: file, line: line)
    } catch let error as DeployError {
        XCTAssertEqual(error.code, code, "\(action): \(error)", file: file, line: line)
        XCTAssertFalse(error.why.isEmpty || error.next.isEmpty, "\(error)", file: file, line: line)
    } catch {
        XCTFail("\(action) throws \(error)", file: file, line: line)
    }
}
