import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// The audit log says what was done, and every change of it afterwards is found.
final class AuditTests: XCTestCase {
    private let machine = SimulatedMachine()

    private var audit: AuditLog { machine.deployer().audit }
    private var path: String { Layout.auditAnchor(machine.project) }

    /// So many acts, with an outcome after each.
    private func act(_ times: Int) throws {
        for number in 0..<times {
            machine.clock.move(by: .seconds(1))
            try audit.around(audit.entry(.prune, in: "production", on: "\(number)")) {
                () throws(DeployError) in
            }
        }
    }

    private func verdict() throws -> AuditVerdict {
        let definitions = DefinitionLoader(files: machine.files, folder: "\(machine.project)/environments")
        return try AuditProof(machine.workspace(), definitions: definitions).verdict()
    }

    private var anchors: [String] {
        get throws {
            String(decoding: try machine.files.read(path) ?? Data(), as: UTF8.self).lines.map(String.init)
        }
    }

    private func write(_ anchors: some Sequence<String>) {
        machine.files.write(anchors.map { "\($0)\n" }.joined(), to: path)
    }

    /// The same entries, each hashed again after the ones before it.
    private func chained(_ entries: [AuditEntry]) throws -> [AuditRecord] {
        var records: [AuditRecord] = []
        for entry in entries { records.append(try AuditRecord(entry, after: records.last)) }
        return records
    }

    private func expect(_ sequence: Int64?, _ what: String, line: UInt = #line) throws {
        XCTAssertEqual(try verdict().misfit?.sequence, sequence, what, line: line)
    }

    func testAnUntouchedLogIsWhole() throws {
        try expect(nil, "nothing was done yet")
        try act(3)
        let found = try verdict()
        XCTAssertEqual([found.entries, found.anchored], [6, 6])
        XCTAssertNil(found.misfit)
        XCTAssertEqual(try anchors.count, 6)
        let first = try XCTUnwrap(machine.state.auditRecords(after: 0, limit: 1).first?.content)
        XCTAssertEqual(first.who, Sample.who)
        XCTAssertEqual(first.performer, "ada")
        XCTAssertNil(first.outcome, "it was written before the act")
    }

    func testEveryManipulationIsNamedAtTheFirstEntryThatDoesNotFit() throws {
        try act(5)
        let (records, lines) = (try machine.state.auditRecords(after: 0, limit: .max), try anchors)
        let entries = records.compactMap(\.content)
        for index in records.indices {
            let sequence = Int64(index + 1)
            let isLast = index == records.count - 1
            func forge(_ change: ([AuditRecord]) throws -> [AuditRecord]) rethrows {
                let forged = try change(records)
                machine.state.forge { $0 = forged }
            }
            forge { old in
                var new = old
                new[index] = AuditRecord(
                    sequence: sequence, entry: old[index].entry.replacing("ada", by: "eve"),
                    previous: old[index].previous, hash: old[index].hash)
                return new
            }
            try expect(sequence, "entry \(sequence) is edited")
            forge { $0.filter { $0.sequence != sequence } }
            try expect(sequence, "entry \(sequence) is removed\(isLast ? " at the end" : "")")
            forge { Array($0.prefix(index)) }
            try expect(sequence, "all from \(sequence) on are cut off")
            var changed = entries
            changed[index].performer = "eve"
            try forge { _ in try chained(changed) }
            try expect(sequence, "all from \(sequence) on are hashed anew")
            changed = entries
            changed.remove(at: index)
            try forge { _ in try chained(changed) }
            let next =
                isLast || changed[index...].elementsEqual(entries[index...].dropLast()) ? nil : sequence
            if next != nil { try expect(next, "\(sequence) is left out, all after it hashed anew") }
            machine.state.forge { $0 = records }
            write(lines.enumerated().filter { $0.offset != index }.map(\.element))
            try expect(isLast ? nil : sequence, "the anchor lacks a line, which the last may")
            write(lines)
        }
        try expect(nil, "all is as it was")
    }

    func testACutAnchorIsFoundAndNotHealedByTheNextAct() throws {
        try act(5)
        let lines = try anchors
        for kept in [0, 1, 5, 7] {
            write(lines.prefix(kept))
            try expect(Int64(kept + 1), "the anchor has \(kept) of 10 lines")
        }
        try machine.files.remove(path)
        try expect(1, "the anchor is gone")
        try act(1)
        try expect(1, "and still is after the next act")
    }

    func testAnOlderStateIsFoundAndStaysFound() throws {
        try act(2)
        let older = try machine.state.auditRecords(after: 0, limit: .max)
        try act(2)
        machine.state.forge { $0 = older }
        try expect(5, "an older state was put back")
        try act(3)
        try expect(5, "and more was done on it")
    }

    func testALineThatWasCutByAPowerFailureIsWrittenAgain() throws {
        try act(2)
        let lines = try anchors
        machine.files.write(lines.prefix(3).map { "\($0)\n" }.joined() + lines[3].prefix(20), to: path)
        try expect(nil, "the last line was cut")
        try act(1)
        XCTAssertEqual(try verdict().entries, 6)
        try expect(nil, "what was missing came first")
    }

    /// The power fails before each change of three acts, one after the other.
    func testAFailureBetweenStateAndAnchorIsNoAlarm() throws {
        for changes in 0..<20 {
            let machine = SimulatedMachine()
            func act(_ life: Life) {
                for _ in 0..<3 {
                    let audit = machine.deployer(life).audit
                    try? audit.around(audit.entry(.prune)) { () throws(DeployError) in }
                }
            }
            act(Life(changes: changes))
            let proof = AuditProof(
                machine.workspace(),
                definitions: DefinitionLoader(files: machine.files, folder: "\(machine.project)/environments")
            )
            XCTAssertNil(try proof.verdict().misfit, "after \(changes) changes")
            act(Life())
            XCTAssertNil(try proof.verdict().misfit, "after \(changes) changes, and three acts more")
        }
    }

    func testWhatCannotBeWrittenDownIsNotDone() throws {
        try machine.files.makeFolder(path)
        var isDone = false
        XCTAssertThrowsError(
            try audit.around(audit.entry(.prune)) { () throws(DeployError) in isDone = true })
        XCTAssertFalse(isDone)
        XCTAssertEqual(try machine.state.auditRecords(after: 0, limit: 9), [])
    }

    func testNoTwoRecordsHaveTheSameBytes() {
        let texts = ["", "1", "1,", "1:1,", "\u{0}", "é", "e\u{301}"]
        var seen: Set<String> = []
        for entry in texts {
            for previous in texts {
                for sequence in [1, 11] as [Int64] {
                    let record = AuditRecord(sequence: sequence, entry: entry, previous: previous, hash: "")
                    XCTAssertTrue(seen.insert(record.sealed).inserted, "\(record)")
                }
            }
        }
    }

    func testHeadsAreReadAsTheyAreWritten() {
        let hash = String(repeating: "a", count: 64)
        XCTAssertEqual(AuditHead("7:\(hash)")?.text, "7:\(hash)")
        for text in ["7:\(hash.dropLast())", "07:\(hash)", "0:\(hash)", "-1:\(hash)", hash, "7:\(hash) ", ""]
        {
            XCTAssertNil(AuditHead(text), text)
        }
    }
}
