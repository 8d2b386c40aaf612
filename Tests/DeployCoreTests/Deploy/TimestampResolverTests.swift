import DeployTestSupport
import XCTest

@testable import DeployCore

final class TimestampResolverTests: XCTestCase {
    private let known = ["20260301101500", "20260301101459", "20260228000000", "20251231235959"]
        .compactMap { Timestamp(digits: $0) }

    private func resolve(_ text: String, among candidates: [Timestamp]? = nil) throws -> String {
        try TimestampResolver.resolve(
            text, among: candidates ?? known, what: "release", next: "deployctl history"
        )
        .description
    }

    func testWhatAPersonMayType() throws {
        for (text, meant) in [
            ("20260301101500", "20260301101500"), ("2025", "20251231235959"), ("202602", "20260228000000"),
            ("2026030110145", "20260301101459"), ("2026-03-01T10:15:00Z", "20260301101500"),
        ] {
            XCTAssertEqual(try resolve(text), meant, text)
        }
    }

    func testWhatFitsNothingIsNotFound() {
        for text in [
            "", "2", "202", "2027", "20260301101501", "202603011015000", "latest", "2025x",
            "2026-03-01T10:15:01Z",
            "2026-03-01", "../2025", "２０２５", "2025*", " 2025",
        ] {
            expectError(.notFound, "'\(text)'") { _ = try resolve(text) }
        }
    }

    func testAnAmbiguousTextListsWhatItFits() {
        XCTAssertThrowsError(try resolve("2026")) { error in
            let error = error as? DeployError
            XCTAssertEqual(error?.code, .notFound)
            XCTAssertEqual(error?.what, "'2026' is ambiguous")
            XCTAssertEqual(error?.next.hasPrefix("type more digits"), true)
            XCTAssertEqual(error?.why, "it fits 20260301101500, 20260301101459, 20260228000000")
        }
        expectError(.notFound, "one second apart") { _ = try resolve("20260301") }
    }

    func testTheMessageListsTheNewestAndCountsTheRest() {
        let many = (0..<20).reversed().map(Sample.timestamp)
        XCTAssertThrowsError(try resolve("1999", among: many)) { error in
            let why = (error as? DeployError)?.why ?? ""
            XCTAssertTrue(why.hasPrefix("known are 20260101000019, "), why)
            XCTAssertTrue(why.hasSuffix(" and 8 more"), why)
        }
        XCTAssertThrowsError(try resolve("2026", among: [])) {
            XCTAssertEqual(($0 as? DeployError)?.why, "there is none yet")
        }
    }
}
