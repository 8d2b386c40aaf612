import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

final class SHA256Tests: XCTestCase {
    func testAgreesWithSha256sumForManyLengths() throws {
        let folder = try makeTestFolder()
        var random = SystemRandomNumberGenerator()
        let lengths = Array(0...200) + [4095, 65_536, 1_000_003]
        for length in lengths {
            let bytes = Data((0..<length).map { _ in UInt8.random(in: 0...255, using: &random) })
            try bytes.write(to: URL(fileURLWithPath: "\(folder)/\(length)"))
        }
        let runner = ProcessCommandRunner(interruption: SignalWatcher())
        let result = runner.run(CommandRequest(Command("sha256sum", lengths.map(String.init)), in: folder))
        XCTAssertTrue(result.succeeded)
        let expected = result.output.split(separator: "\n").map { String($0.prefix(64)) }
        XCTAssertEqual(expected.count, lengths.count)
        for (length, sha256) in zip(lengths, expected) {
            XCTAssertEqual(
                try LocalFileStore().digest(of: "\(folder)/\(length)"),
                FileDigest(bytes: Int64(length), sha256: sha256))
        }
    }

    func testDoesNotDependOnHowTheBytesArrive() {
        let text = String(repeating: "abcdefghijklm", count: 50)
        for step in [1, 7, 63, 64, 65, 129] {
            var hash = SHA256()
            var rest = text[...]
            while !rest.isEmpty {
                hash.update(String(rest.prefix(step)))
                rest = rest.dropFirst(step)
            }
            XCTAssertEqual(hash.hexadecimal(), SHA256.hexadecimal(of: text))
        }
    }

    /// Where the processor cannot, both are the same one.
    func testTheProcessorsAndOurOwnAgree() {
        var random = SystemRandomNumberGenerator()
        for length in [0, 1, 63, 64, 65, 127, 128, 1_000, 4_095, 70_001] {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            let digests = [true, false].map { byProcessor in
                var hash = SHA256(byProcessor: byProcessor)
                bytes.withUnsafeBytes { hash.update($0) }
                return hash.hexadecimal()
            }
            XCTAssertEqual(digests[0], digests[1], "\(length) bytes")
        }
    }
}
