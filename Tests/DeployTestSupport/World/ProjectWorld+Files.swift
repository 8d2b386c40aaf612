import Foundation

extension ProjectWorld {
    /// Writes a file of the project; without text, removes it.
    public func write(_ text: String?, to path: String) throws {
        let file = "\(project)/\(path)"
        guard let text else { return try FileManager.default.removeItem(atPath: file) }
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try text.write(toFile: file, atomically: true, encoding: .utf8)
    }

    public func read(_ path: String) throws -> String {
        try String(contentsOfFile: "\(project)/\(path)", encoding: .utf8)
    }

    /// Adds text to the end of a file of the project.
    public func append(_ text: String, to path: String) throws {
        try write((try? read(path)).map { $0 + text } ?? text, to: path)
    }

    /// Replaces text that must be there.
    public func replace(_ old: String, with new: String, in path: String) throws {
        let text = try read(path)
        try expect(text.contains(old), "\(path) does not contain \(old)")
        try write(text.replacingOccurrences(of: old, with: new), to: path)
    }

    /// Writes the files and commits everything.
    public func commit(_ changes: [String: String?], _ subject: String = "Change") throws {
        for (path, text) in changes { try write(text, to: path) }
        try commit(subject)
    }

    /// Commits everything that changed.
    public func commit(_ subject: String) throws {
        try git("add", "--all")
        try git("commit", "--quiet", "--allow-empty", "--message", subject)
    }

    /// Makes the project a repository of one commit.
    public func beginRepository(branch: String = "main") throws {
        try git("init", "--quiet", "--initial-branch", branch)
        try commit("Begin")
    }

    @discardableResult
    public func git(_ arguments: String...) throws -> String {
        try runProgram(["git", "-C", project] + arguments).expect(0).output
    }
}
