import Foundation
import XCTest

/// A project of its own with a real application, and the built program to deploy it with.
///
/// Everything lies in one short temporary folder; at the end of the test every process that has to do
/// with it is killed and the folder removed, unless DEPLOYCTL_TEST_KEEP=1.
public final class DeployctlFixture: @unchecked Sendable {
    public let folder: String
    public let project: String
    public let binary: String
    /// Public port by environment.
    public let ports: [String: Int]
    private let commands = NSLock()
    private var runs = 0

    public init(for test: XCTestCase) throws {
        folder = try Self.makeFolder()
        project = "\(folder)/p"
        binary = try Self.findBinary()
        let staging = try Self.freePort()
        ports = ["staging": staging, "production": try Self.freePort(except: staging)]
        test.addTeardownBlock { [self] in end() }
        try furnish()
    }

    /// A number no other command of this project has.
    func nextRun() -> Int {
        commands.withLock {
            runs += 1
            return runs
        }
    }

    public func port(_ environment: String) -> Int { ports[environment] ?? 0 }

    public func end() {
        killProcesses()
        if ProcessInfo.processInfo.environment["DEPLOYCTL_TEST_KEEP"] == "1" {
            print("kept: \(folder)")
        } else {
            try? FileManager.default.removeItem(atPath: folder)
        }
    }

    private static func makeFolder() throws -> String {
        var template = Array("/tmp/dcXXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Unexpected("no temporary folder: errno \(errno)") }
        let path = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        // Workers of nginx drop root and still have to reach the sockets.
        chmod(path, 0o755)
        return path
    }

    /// The program that was built together with the tests, or the one of DEPLOYCTL_TEST_BINARY.
    private static func findBinary() throws -> String {
        if let other = ProcessInfo.processInfo.environment["DEPLOYCTL_TEST_BINARY"] { return other }
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let path = (tests as NSString).deletingLastPathComponent + "/deployctl"
        guard access(path, X_OK) == 0 else { throw Unexpected("\(path) is not built") }
        return path
    }

    /// Below the range from which the kernel takes ports for outgoing connections.
    public static func freePort(except taken: Int? = nil) throws -> Int {
        for _ in 0..<200 {
            let port = Int.random(in: 20_000..<32_000)
            if port != taken, HTTP.canListen(on: port) { return port }
        }
        throw Unexpected("no free port")
    }
}

/// An expectation that did not hold, with what is needed to understand it.
public struct Unexpected: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}

/// Ends the test at the first expectation that does not hold.
public func expect(_ holds: Bool, _ claim: @autoclosure () -> String) throws {
    guard holds else { throw Unexpected(claim()) }
}

/// Ends the test when the two differ.
public func expectEqual<Value: Equatable>(
    _ found: Value, _ wanted: Value, _ claim: @autoclosure () -> String
) throws {
    guard found == wanted else { throw Unexpected("\(claim()): \(found) instead of \(wanted)") }
}
