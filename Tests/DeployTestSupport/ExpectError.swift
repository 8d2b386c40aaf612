import XCTest

@testable import DeployCore

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
