import Foundation

@testable import DeployCore

extension MemoryFileStore {
    public func read(_ path: String, beneath folder: String) throws(DeployError) -> Data? {
        let place = try stay(path, beneath: folder, followingLast: true)
        if let kind = kind(of: place), kind != .file { throw failure("is not a regular file", place) }
        return try read(place)
    }

    public func names(in path: String, beneath folder: String) throws(DeployError) -> [String] {
        names(in: try stay(path, beneath: folder, followingLast: true))
    }

    public func remove(_ path: String, beneath folder: String) throws(DeployError) {
        try remove(try stay(path, beneath: folder, followingLast: false))
    }

    public func pointLink(_ path: String, to target: String, beneath folder: String) throws(DeployError) {
        let place = try stay(path, beneath: folder, followingLast: false)
        if kind(of: place) == .folder { try remove(place) }
        guarded.withLock { addParents(of: place) }
        try pointLink(place, to: target)
    }

    public func move(listed: String, from folder: String, to other: String) throws(DeployError) {
        let path = String(decoding: FolderContent.unescaped(listed), as: UTF8.self)
        guard kind(of: "\(folder)/\(path)") != nil else { return }
        let place = "\(other)/\(path)"
        guarded.withLock { addParents(of: normal(place)) }
        try remove(place)
        try rename("\(folder)/\(path)", to: place)
    }

    public func setMode(_ mode: UInt16, ofListed listed: String, beneath folder: String) throws(DeployError) {
        let path = String(decoding: FolderContent.unescaped(listed), as: UTF8.self)
        guarded.withLock {
            let place = place("\(folder)/\(path)")
            if case .file(let data, _)? = nodes[place] { nodes[place] = .file(data, mode) }
        }
    }

    /// Where the path leads, which must not be outside the folder.
    private func stay(_ path: String, beneath folder: String, followingLast last: Bool) throws(DeployError)
        -> String
    {
        let top = guarded.withLock { resolved(folder) }
        var done: [String] = []
        var rest = path.split(separator: "/").map(String.init).reversed() + []
        while let name = rest.popLast() {
            if name == ".." {
                guard done.popLast() != nil else { throw leaves(path, folder) }
                continue
            }
            done.append(name)
            guard last || !rest.isEmpty,
                let target = linkTarget(([top] + done).joined(separator: "/"))
            else { continue }
            guard !target.hasPrefix("/") else { throw leaves(path, folder) }
            done.removeLast()
            rest += target.split(separator: "/").map(String.init).reversed()
        }
        return ([top] + done).joined(separator: "/")
    }

    private func leaves(_ path: String, _ folder: String) -> DeployError {
        DeployError(
            .gateRefused, what: "\(path) leads out of \(folder)", why: "a link leads there",
            next: "commit a plain file or folder in its place, then run deployctl staging")
    }
}
