import Foundation
import XCTest

extension XCTestCase {
    /// A new empty folder, without symbolic links in its path, removed after the test.
    public func makeTestFolder() throws -> String {
        let template = (NSTemporaryDirectory() as NSString).appendingPathComponent("deployctl-test.XXXXXX")
        var bytes = Array(template.utf8CString)
        guard mkdtemp(&bytes) != nil, let real = realpath(bytes, nil) else {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
        defer { free(real) }
        let folder = String(cString: real)
        addTeardownBlock { try FileManager.default.removeItem(atPath: folder) }
        return folder
    }
}

/// Asks again until the answer is yes; no when it stays no for the whole time.
public func eventually(within seconds: Double = 10, _ condition: () throws -> Bool) rethrows -> Bool {
    let end = Date().addingTimeInterval(seconds)
    while Date() < end {
        if try condition() { return true }
        usleep(2_000)
    }
    return try condition()
}
