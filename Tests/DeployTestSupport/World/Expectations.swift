import Foundation
import XCTest

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

/// Skips where a program is not installed; fails there when everything is required.
public func require(_ programs: String...) throws {
    let missing = programs.filter { name in
        !["/usr/bin", "/usr/local/bin", "/bin"].contains { access("\($0)/\(name)", X_OK) == 0 }
    }
    if !missing.isEmpty { throw lacking(missing.joined(separator: ", ")) }
}

/// What to throw where something a test needs is missing: a failure when everything is required, otherwise a skip.
public func lacking(_ what: String) -> any Error {
    if ProcessInfo.processInfo.environment["DEPLOYCTL_TEST_REQUIRE"] == "all" {
        return Unexpected("\(what) is required")
    }
    return XCTSkip("skipped: no \(what)")
}
