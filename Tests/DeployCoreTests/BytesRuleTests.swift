import Foundation
import XCTest

/// Text that goes to other programs is searched, split, compared and escaped by its bytes: with what stands in
/// DeployCore/Text, never with what Swift takes for characters.
final class BytesRuleTests: XCTestCase {
    private static let banned = [
        #"\.has(Prefix|Suffix)\("#, #"\.replacing\([^\n]*with:"#, "replacingOccurrences",
        #"\.firstRange\(of"#,
        #"\.ranges?\(of:"#, #"\.split\(separator: ""#, #"(first|last)Index\(of: ""#, #"\.contains\(""#,
        first, #"(?<!properties|Self)\.is(Newline|Whitespace|Number|Letter|HexDigit|ASCII)\b"#,
        #"\.(lower|upper)cased\(\)"#, #"\.components\("#, "trimmingCharacters", #"\bCharacter\b"#,
        #"for character in"#,
        "localized", "caseInsensitive",
    ]

    private static let first = #"\.(first|last)\?? [!=]= ""#

    /// Where columns of a terminal and letters of flags are counted, where a pattern says that it goes by scalars, and
    /// where what comes first is a scalar or a whole text.
    private static let allowed = [
        "DisplayWidth.swift": [#"\bCharacter\b"#, "for character in"], "Flag.swift": [#"\bCharacter\b"#],
        "ArgumentScan.swift": [#"\bCharacter\b"#],
        "BackupEncryptor+Complaint.swift": [#"\.replacing\([^\n]*with:"#],
        "ColumnName.swift": [first], "InertText.swift": [first], "PostgreSQLMigrations.swift": [first],
        "PostgreSQLBackup.swift": [first],
    ]

    func testNoSourceWorksByCharacters() throws {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources")
        let files = try XCTUnwrap(
            FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
        )
        .compactMap { $0 as? URL }.filter {
            $0.pathExtension == "swift" && !$0.path.contains("/DeployCore/Text/")
        }
        XCTAssertGreaterThan(files.count, 300)
        let rules = try Self.banned.map { ($0, try NSRegularExpression(pattern: $0)) }
        for file in files {
            let lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
            for (number, line) in lines.enumerated() where !line.drop(while: { $0 == " " }).hasPrefix("//") {
                for (pattern, rule) in rules
                where Self.allowed[file.lastPathComponent]?.contains(pattern) != true {
                    let found = rule.firstMatch(in: line, range: NSRange(line.startIndex..., in: line))
                    XCTAssertNil(
                        found,
                        "\(file.lastPathComponent):\(number + 1): \(line) (DeployCore/Text has it for bytes)")
                }
            }
        }
    }
}
