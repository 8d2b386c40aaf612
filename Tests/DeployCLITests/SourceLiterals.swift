import Foundation
import XCTest

/// What stands in quotes in the sources.
enum SourceLiterals {
    static func all() throws -> [(file: String, literal: LiteralScanner.Literal)] {
        try sources().flatMap { file, source in strings(in: source).map { (file, $0) } }
    }

    static func sources() throws -> [(file: String, text: String)] {
        let files = try XCTUnwrap(
            FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        return try files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }.map { file in
            (file.lastPathComponent, try String(contentsOf: file, encoding: .utf8))
        }
    }

    static func strings(in source: String) -> [LiteralScanner.Literal] {
        var scanner = LiteralScanner(source)
        return scanner.literals()
    }

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources")
}
