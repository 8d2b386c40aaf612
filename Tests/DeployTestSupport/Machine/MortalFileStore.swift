import Foundation

@testable import DeployCore

/// A file store whose process may die before any change.
struct MortalFileStore: FileStore {
    let base: MemoryFileStore
    let life: Life

    func read(_ path: String) throws(DeployError) -> Data? {
        try life.look()
        return try base.read(path)
    }
    func readEnd(of path: String, bytes: Int) throws(DeployError) -> Data? {
        try base.readEnd(of: path, bytes: bytes)
    }
    func append(_ line: String, to path: String) throws(DeployError) {
        if !life.isOver { try base.append(line, to: path) }
    }
    func publish(_ data: Data, to path: String) throws(DeployError) {
        try life.change()
        try base.publish(data, to: path)
    }
    func dropHead(_ bytes: Int64, of path: String) throws(DeployError) {
        try life.change()
        try base.dropHead(bytes, of: path)
    }
    func makeFolder(_ path: String) throws(DeployError) {
        try life.change()
        try base.makeFolder(path)
    }
    func remove(_ path: String) throws(DeployError) {
        try life.change()
        try base.remove(path)
    }
    func rename(_ path: String, to destination: String) throws(DeployError) {
        try life.change()
        try base.rename(path, to: destination)
    }
    func pointLink(_ path: String, to target: String) throws(DeployError) {
        try life.change()
        try base.pointLink(path, to: target)
    }
    func linkTarget(_ path: String) -> String? { base.linkTarget(path) }
    func kind(of path: String) -> FileKind? { base.kind(of: path) }
    func names(in folder: String) -> [String] { base.names(in: folder) }
    func size(of path: String) -> Int64? { base.size(of: path) }
    func barrier(to account: Account, at folder: String) -> Barrier? {
        base.barrier(to: account, at: folder)
    }
    func stranger(on path: String) -> Stranger? { base.stranger(on: path) }
    func lastChange(of path: String) -> Date? { base.lastChange(of: path) }
    func permissions(of path: String) -> FilePermissions? { base.permissions(of: path) }
    func freeBytes(at path: String) -> Int64? { base.freeBytes(at: path) }
    func freeFiles(at path: String) -> Int64? { base.freeFiles(at: path) }
    func copy(_ path: String, to destination: String, atMost limit: Int64, durably: Bool) throws(DeployError)
        -> FileDigest
    {
        try life.change()
        return try base.copy(path, to: destination, atMost: limit, durably: durably)
    }
    func digest(of path: String) throws(DeployError) -> FileDigest {
        try life.look()
        return try base.digest(of: path)
    }
    func manifest(of folder: String, except: Set<String>) throws(DeployError) -> Manifest {
        try life.look()
        return try base.manifest(of: folder, except: except)
    }
    func copy(_ manifest: Manifest, from folder: String, to destination: String) throws(DeployError) {
        try life.change()
        try base.copy(manifest, from: folder, to: destination)
    }
    func fingerprint(of manifest: Manifest, in folder: String) throws(DeployError) -> Fingerprint? {
        try life.look()
        return try base.fingerprint(of: manifest, in: folder)
    }
    func moment(in folder: String) -> Int64 { base.moment(in: folder) }
    func share(_ paths: [String], of folder: String, with other: String, by scratch: String)
        throws(DeployError) -> Int64
    {
        try life.change()
        return try base.share(paths, of: folder, with: other, by: scratch)
    }
    func separate(_ paths: [String], of folder: String, by scratch: String) throws(DeployError) {
        try life.change()
        try base.separate(paths, of: folder, by: scratch)
    }
    func content(of folder: String, hashing: Bool) throws(DeployError) -> FolderContent {
        try life.look()
        return try base.content(of: folder, hashing: hashing)
    }
    func exchange(_ folder: String, with other: String) throws(DeployError) {
        try life.change()
        try base.exchange(folder, with: other)
    }
    func identity(of path: String) -> String? { base.identity(of: path) }
    func grant(_ right: FileRight, at path: String) throws(DeployError) {
        try life.change()
        try base.grant(right, at: path)
    }
    func makeDurable(_ path: String) throws(DeployError) {
        try life.change()
        try base.makeDurable(path)
    }
    func read(_ path: String, beneath folder: String) throws(DeployError) -> Data? {
        try life.look()
        return try base.read(path, beneath: folder)
    }
    func names(in path: String, beneath folder: String) throws(DeployError) -> [String] {
        try base.names(in: path, beneath: folder)
    }
    func remove(_ path: String, beneath folder: String) throws(DeployError) {
        try life.change()
        try base.remove(path, beneath: folder)
    }
    func pointLink(_ path: String, to target: String, beneath folder: String) throws(DeployError) {
        try life.change()
        try base.pointLink(path, to: target, beneath: folder)
    }
    func move(listed: String, from folder: String, to other: String) throws(DeployError) {
        try life.change()
        try base.move(listed: listed, from: folder, to: other)
    }
    func setMode(_ mode: UInt16, ofListed listed: String, beneath folder: String) throws(DeployError) {
        try life.change()
        try base.setMode(mode, ofListed: listed, beneath: folder)
    }
    func lock(_ path: String) throws(DeployError) -> (any HeldLock)? { try base.lock(path) }
    func isLocked(_ path: String) -> Bool { base.isLocked(path) }
}
