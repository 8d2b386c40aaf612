import Foundation
import XCTest

/// A project in a short folder of its own, and the built program to deploy it with.
///
/// At the end every process that has to do with it is killed and the folder removed, unless DEPLOYCTL_TEST_KEEP=1.
/// The path is short because a unix socket's path holds 107 bytes.
open class ProjectWorld: @unchecked Sendable {
    /// This repository.
    public static let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// Everything of this world lies below it; it is the home folder too.
    public let folder: String
    public let project: String
    public let binary: String
    /// What its programs find in their environment besides the usual.
    public var variables: [String: String] = [:]
    /// How long a program may run, in seconds, unless the test says otherwise.
    public var patience: Double = 60
    private let commands = NSLock()
    private var runs = 0

    /// - Parameters:
    ///   - test: the test it ends with; nil when somebody else calls `end()`.
    ///   - place: the project's folder, below the world's.
    /// - Throws: when there is no such folder, or nothing is built.
    public init(for test: XCTestCase?, at place: String = "p") throws {
        folder = try Self.makeFolder()
        project = "\(folder)/\(place)"
        binary = try Self.findBinary()
        try FileManager.default.createDirectory(atPath: project, withIntermediateDirectories: true)
        test?.addTeardownBlock { [self] in end() }
    }

    /// A number no other command of this project has.
    func nextRun() -> Int {
        commands.withLock {
            runs += 1
            return runs
        }
    }

    /// Ends what the services left running, then removes the folder.
    open func end() {
        killProcesses()
        removeGroups()
        if ProcessInfo.processInfo.environment["DEPLOYCTL_TEST_KEEP"] == "1" {
            print("kept: \(folder)")
        } else {
            try? FileManager.default.removeItem(atPath: folder)
        }
    }

    private static func makeFolder() throws -> String {
        var template = Array("/tmp/dcXXXXXX".utf8CString)
        guard mkdtemp(&template) != nil, let real = realpath(template, nil) else {
            throw Unexpected("no temporary folder: errno \(errno)")
        }
        defer { free(real) }
        // Workers of nginx drop root and still have to reach the sockets.
        chmod(real, 0o755)
        return String(cString: real)
    }

    /// The program that was built together with the tests, or the one that DEPLOYCTL_TEST_BINARY names.
    public static func findBinary() throws -> String {
        if let other = ProcessInfo.processInfo.environment["DEPLOYCTL_TEST_BINARY"] { return other }
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let path = (tests as NSString).deletingLastPathComponent + "/deployctl"
        guard access(path, X_OK) == 0 else { throw Unexpected("\(path) is not built") }
        return path
    }
}
