import Foundation
import XCTest

/// Compares text with a file under `Golden/` next to the calling test.
///
/// Set `UPDATE_GOLDEN=1` to rewrite the files, then review the change in the diff. A missing
/// file fails: a golden test may never pass by creating its own expectation.
public func assertGolden(
    _ actual: String, named name: String, file: StaticString = #filePath, line: UInt = #line
) throws {
    let golden = URL(fileURLWithPath: "\(file)").deletingLastPathComponent()
        .appendingPathComponent("Golden").appendingPathComponent(name)
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
        try Data(actual.utf8).write(to: golden)
        return XCTFail("rewrote \(name); run again without UPDATE_GOLDEN", file: file, line: line)
    }
    let expected = try String(decoding: Data(contentsOf: golden), as: UTF8.self)
    XCTAssertEqual(actual, expected, "\(name) changed", file: file, line: line)
}
