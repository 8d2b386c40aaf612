import Foundation
import XCTest

@testable import DeployCore

/// The keys scripts were promised, with the types they were promised with.
///
/// A promise is written as JSON whose values are types: `text`, `number`, `flag`, `?` for "or null",
/// `a|b` for one of some words, a list for a list of at least one such element.
final class AnswerContractTests: XCTestCase {
    func testStatus() throws {
        for answer in ["status-empty", "status-healthy", "status-stopped"] {
            try assert(
                answer,
                keeps: """
                    {"schema_version": "number", "project": "text", "environments": [{
                      "name": "text", "state": "healthy|unhealthy|stopped|empty|interrupted", "release": "text?",
                      "commit": "text?", "url": "text?", "drift": "list",
                      "services": [{"name": "text", "state": "text", "healthy": "flag", "port": "number?", "since": "text?"}],
                      "last_deployment": "object?", "last_backup": "object?", "unfinished": "object?"}],
                     "promotion": "object?"}
                    """)
        }
    }

    func testStatusOfWhatWasDeployedAndPromoted() throws {
        let answer = try JSONField(parsing: recorded("status-healthy"))
        guard case .list(let environments) = answer["environments"] else { return XCTFail("no environments") }
        let production = try XCTUnwrap(environments.first { $0["name"] == .text("production") })
        let lacking =
            Promise.lacking(
                try XCTUnwrap(production["last_deployment"]),
                of: try JSONField(
                    parsing: """
                        {"timestamp": "text", "outcome": "succeeded|failed|rolled_back|interrupted|refused",
                         "performer": "text", "seconds": "number"}
                        """))
            + Promise.lacking(
                try XCTUnwrap(production["last_backup"]),
                of: try JSONField(
                    parsing: """
                        {"timestamp": "text", "verified": "restored|checksum|no", "bytes": "number"}
                        """))
            + Promise.lacking(
                try XCTUnwrap(answer["promotion"]),
                of: try JSONField(
                    parsing: """
                        {"ready": "flag", "gates": [{"id": "text", "verdict": "passed|refused|warned|skipped",
                         "measured": "text", "next": "text", "opens_at": "text?"}]}
                        """))
        XCTAssertEqual(lacking, [])
    }

    func testPlan() throws {
        for answer in ["plan-staging", "plan-production", "plan-rollback", "rollback-rehearsal"] {
            try assert(
                answer,
                keeps: """
                    {"schema_version": "number", "plan_id": "text", "environment": "text", "release": "text?",
                     "steps": [{"id": "text", "title": "text", "commands": "list"}]}
                    """)
        }
    }

    func testRehearsal() throws {
        try assert(
            "rollback-rehearsal",
            keeps: """
                {"rehearsal": {"timestamp": "text", "release": "text", "data": "backup|copy|fresh|none", "backup": "text?",
                 "restore_seconds": "number?", "healthy_seconds": "number", "seconds": "number"}}
                """)
    }

    func testHistory() throws {
        try assert(
            "history",
            keeps: """
                {"schema_version": "number", "deployments": [{"timestamp": "text", "environment": "text",
                 "kind": "deploy|promote|rollback", "release": "text", "commit": "text", "outcome": "text",
                 "performer": "text", "seconds": "number"}]}
                """)
    }

    func testBackupList() throws {
        try assert(
            "backup-list",
            keeps: """
                {"schema_version": "number", "backups": [{"timestamp": "text", "environment": "text",
                 "release": "text", "bytes": "number", "sha256": "text", "verified": "restored|checksum|no",
                 "protects": "text?", "pinned": "text?"}]}
                """)
    }

    func testSecrets() throws {
        let secret = """
            {"name": "text", "state": "set|missing|unused", "source": "text", "fingerprint": "text?", "changed": "text?",
             "next": "text?"}
            """
        for answer in ["secret-list", "secret-list-missing"] {
            try assert(
                answer,
                keeps: """
                    {"schema_version": "number", "environments": [{"name": "text", "secrets": [\(secret)]}]}
                    """)
        }
        try assert(
            "secret-set",
            keeps: "{\"schema_version\": \"number\", \"environment\": \"text\", \"secret\": \(secret)}")
        try assert(
            "secret-remove",
            keeps: #"{"schema_version": "number", "environment": "text", "removed": "text"}"#)
        for answer in ["secret-list", "secret-list-missing", "secret-set", "secret-remove"] {
            XCTAssertFalse(try recorded(answer).contains("another value"), answer)
        }
    }

    func testWhatAnAgentProposes() throws {
        try assert(
            "production-proposed",
            keeps: """
                {"schema_version": "number", "plan_id": "text", "environment": "text", "release": "text?",
                 "steps": [{"id": "text", "title": "text", "commands": "list"}]}
                """)
        try assert(
            "approvals-proposed",
            keeps: """
                {"schema_version": "number", "release": "text", "digest": "text", "items": "list", "proposals": [
                 {"plan_id": "text", "performer": "text", "proposed_at": "text", "command": "list", "release": "text?"}]}
                """)
    }

    func testEveryRefusal() throws {
        let names = try Story.told.get().answers.keys.filter { $0.hasPrefix("error-") }
        XCTAssertGreaterThan(names.count, 3)
        for name in names {
            try assert(
                name,
                keeps: """
                    {"schema_version": "number", "error": {"code": "number", "name": "text", "what": "text",
                     "why": "text", "next": "text"}}
                    """)
        }
    }

    func testABrokenPromiseIsNoticed() throws {
        let promise = try JSONField(parsing: #"{"a": "text", "b": [{"c": "number?"}], "d": "x|y"}"#)
        let good = try JSONField(parsing: #"{"a": "", "b": [{"c": null}, {"c": 1}], "d": "y"}"#)
        let bad = try JSONField(parsing: #"{"a": 1, "b": [{"c": 1}, {}], "d": "z"}"#)
        XCTAssertEqual(Promise.lacking(good, of: promise), [])
        XCTAssertEqual(
            Promise.lacking(bad, of: promise), [".a is not text", ".b[1].c is missing", ".d is not x|y"])
    }

    private func recorded(_ name: String) throws -> String {
        try XCTUnwrap(try Story.told.get().answers[name], name)
    }

    private func assert(_ name: String, keeps promise: String, line: UInt = #line) throws {
        let lacking = Promise.lacking(
            try JSONField(parsing: recorded(name)), of: try JSONField(parsing: promise))
        XCTAssertEqual(lacking, [], name, line: line)
    }
}

/// Compares an answer with the types that were promised.
private enum Promise {
    static func lacking(_ answer: JSONField, of promise: JSONField, at path: String = "") -> [String] {
        switch (promise, answer) {
        case (.object(let keys), .object):
            return keys.sorted { $0.key < $1.key }.flatMap { key, promise in
                answer[key].map { lacking($0, of: promise, at: "\(path).\(key)") } ?? [
                    "\(path).\(key) is missing"
                ]
            }
        case (.list(let types), .list(let items)):
            guard let type = types.first, !items.isEmpty else { return ["\(path) is empty"] }
            return items.enumerated().flatMap { lacking($1, of: type, at: "\(path)[\($0)]") }
        case (.text(let type), _):
            return fits(answer, type) ? [] : ["\(path) is not \(type)"]
        default:
            return ["\(path) has another structure"]
        }
    }

    private static func fits(_ value: JSONField, _ type: String) -> Bool {
        if type.hasSuffix("?") { return value == .null || fits(value, String(type.dropLast())) }
        switch value {
        case .null: return false
        case .flag: return type == "flag"
        case .number: return type == "number"
        case .list: return type == "list"
        case .object: return type == "object"
        case .text(let word): return type == "text" || type.split(separator: "|").contains(Substring(word))
        }
    }
}
