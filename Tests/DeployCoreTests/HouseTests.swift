import Foundation
import XCTest

/// The core knows no process, file, SQLite, clock or terminal.
final class HouseTests: XCTestCase {
    private let banned = [
        "import Glibc", "import Dispatch", "import CSQLite", "FileManager", "FileHandle", "URLSession",
        "sqlite3_", "print(", "Process(", "Date()", "posix_spawn",
    ]

    func testNoSourceOfTheCoreReachesOutside() throws {
        let core = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/DeployCore")
        let files = try XCTUnwrap(FileManager.default.enumerator(at: core, includingPropertiesForKeys: nil))
            .compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
        XCTAssertGreaterThan(files.count, 50)
        for file in files {
            let text = try String(contentsOf: file, encoding: .utf8)
            for word in banned { XCTAssertFalse(mentions(word, text), "\(file.lastPathComponent): \(word)") }
            let imports = text.split(separator: "\n").filter { $0.hasPrefix("import ") }
            XCTAssertTrue(
                imports.allSatisfy {
                    $0 == "import FoundationEssentials"
                        || $0 == "import CHash" && file.lastPathComponent == "SHA256.swift"
                        || $0 == "import CText" && file.lastPathComponent == "LineTally.swift"
                },
                "\(file.lastPathComponent): \(imports)")
        }
    }

    /// Whether a word stands there by itself, and not as the end of a longer one.
    private func mentions(_ word: String, _ text: String) -> Bool {
        text.ranges(of: word).contains { range in
            range.lowerBound == text.startIndex || !text[text.index(before: range.lowerBound)].isLetter
        }
    }
}
