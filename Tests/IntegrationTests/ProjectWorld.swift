import DeployTestSupport
import Foundation
import XCTest

/// A project in a short folder of its own, and the built binary.
///
/// The path is short because a unix socket's path holds 107 bytes.
class ProjectWorld {
    struct Answer {
        let code: Int32
        let output: String
        let errors: String
    }

    static let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    static let binaries = Bundle.main.bundleURL.resolvingSymlinksInPath().path

    /// Everything of this world lies below it; it is the home folder too.
    let root: String
    let project: String
    /// What its programs find in their environment besides the usual.
    var variables: [String: String] = [:]

    init(at place: String = "p") throws {
        root = try Self.makeRoot()
        project = "\(root)/\(place)"
        try FileManager.default.createDirectory(atPath: project, withIntermediateDirectories: true)
    }

    func deployctl(_ arguments: String...) throws -> Answer {
        try run("\(Self.binaries)/deployctl", arguments)
    }

    /// Makes the folder a repository of one commit.
    func beginRepository(branch: String = "main") throws {
        for arguments in [
            ["init", "--quiet", "-b", branch], ["add", "-A"], ["commit", "--quiet", "-m", "Begin"],
        ] {
            _ = try run("git", arguments)
        }
    }

    /// Commits everything that changed.
    func commit(_ subject: String) throws {
        _ = try run("git", ["add", "-A"])
        _ = try run("git", ["commit", "--quiet", "-m", subject])
    }

    /// Runs a program in the project; what it writes goes to files, so that no service can keep it open.
    func run(_ program: String, _ arguments: [String], input: String? = nil) throws -> Answer {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: project)
        process.environment = environment
        let (output, errors) = ("\(root)/stdout", "\(root)/stderr")
        for path in [output, errors] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = FileHandle(forWritingAtPath: errors)
        try process.run()
        let ended = eventually(within: 600) { !process.isRunning }
        if !ended { kill(process.processIdentifier, SIGKILL) }
        XCTAssertTrue(ended, "\(program) \(arguments.joined(separator: " ")) does not end")
        process.waitUntilExit()
        return Answer(
            code: process.terminationStatus, output: try String(contentsOfFile: output, encoding: .utf8),
            errors: try String(contentsOfFile: errors, encoding: .utf8))
    }

    var environment: [String: String] {
        let usual = [
            "PATH": "\(Self.binaries):/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin",
            "HOME": root, "LC_ALL": "C.UTF-8", "TERM": "dumb",
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "Deploy",
            "GIT_AUTHOR_EMAIL": "deploy@example.org",
            "GIT_COMMITTER_NAME": "Deploy", "GIT_COMMITTER_EMAIL": "deploy@example.org",
            "DEPLOYCTL_PERFORMER": "deploy@example.org",
        ]
        return usual.merging(variables) { $1 }
    }

    /// Ends what the services left running, then removes the folder.
    func remove() {
        let gone = eventually(within: 10) {
            let left = processes()
            for pid in left { kill(pid, SIGKILL) }
            return left.isEmpty
        }
        XCTAssertTrue(gone, "processes of \(root) stay")
        try? FileManager.default.removeItem(atPath: root)
    }

    /// Processes that carry an instance of this world in their environment, or name it in their arguments.
    private func processes() -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.filter { pid in
            guard pid != getpid() else { return false }
            let variables = text("/proc/\(pid)/environ")
            if variables.contains("DEPLOYCTL_INSTANCE=\(root)/") { return true }
            return text("/proc/\(pid)/cmdline").contains("\(root)/")
        }
    }

    private func text(_ path: String) -> String {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

extension ProjectWorld {
    static func makeRoot() throws -> String {
        var template = Array("/tmp/dcXXXXXX".utf8CString)
        guard mkdtemp(&template) != nil, let real = realpath(template, nil) else {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
        defer { free(real) }
        return String(cString: real)
    }
}
