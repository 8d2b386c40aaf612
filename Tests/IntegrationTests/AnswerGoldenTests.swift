import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What scripts read, held fixed; a change here is a change of the interface.
final class AnswerGoldenTests: XCTestCase {
    func testEveryAnswerIsAsRecorded() throws {
        for (name, answer) in try Story.told.get().answers.sorted(by: { $0.key < $1.key }) {
            try assertGolden(answer, named: "\(name).json")
        }
    }

    func testNoRecordedAnswerIsLeftOver() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Golden")
        let recorded = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }
        XCTAssertEqual(recorded.sorted(), try Story.told.get().answers.keys.sorted())
    }

    func testEveryAnswerCarriesTheSchemaVersion() throws {
        for (name, answer) in try Story.told.get().answers {
            XCTAssertEqual(try JSONField(parsing: answer)["schema_version"], .number(1), name)
        }
    }
}
