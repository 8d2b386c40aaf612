import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

final class BackupExpiryTests: XCTestCase {
    private let now = Sample.timestamp(1000).date

    private func expired(
        _ backups: [Backup], _ rules: Environment.Retention, kept: Set<Timestamp> = []
    ) -> [Timestamp] {
        BackupExpiry.expired(backups, rules: rules, keptReleases: kept, at: now).map(\.timestamp)
    }

    private func backups(_ numbers: [Int]) -> [Backup] {
        numbers.map { Sample.backup($0, release: Sample.timestamp($0 - 100)) }
    }

    func testTheLastOnesStay() {
        let all = backups([905, 904, 903, 902, 901])
        XCTAssertEqual(expired(all, .init(last: 3)), [902, 901].map(Sample.timestamp))
        XCTAssertEqual(expired(all, .init(last: 5)), [])
        XCTAssertEqual(expired([], .init(last: 0)), [])
    }

    func testTheNewestProvedOneStaysWhateverTheRules() {
        XCTAssertEqual(expired(backups([905, 904]), .init(last: 0)), [Sample.timestamp(904)])
        let unproved = Sample.backup(906, verified: .no)
        XCTAssertEqual(
            expired([unproved] + backups([905, 904]), .init(last: 0, within: 1)),
            [906, 904].map(Sample.timestamp))
        XCTAssertEqual(
            expired([Sample.backup(905, verified: .checksum), Sample.backup(904)], .init(last: 0)),
            [Sample.timestamp(904)],
            "compared by checksum counts as proved")
    }

    func testThePairOfAKeptReleaseStays() {
        let all = backups([905, 904, 903])
        XCTAssertEqual(
            expired(all, .init(last: 0, within: 1), kept: [Sample.timestamp(803)]), [Sample.timestamp(904)])
    }

    func testOnlyTheNewestProvedPairOfAReleaseStays() {
        let release = Sample.timestamp(1)
        let all = [
            Sample.backup(905), Sample.backup(904, release: release, verified: .no),
            Sample.backup(903, release: release), Sample.backup(902, release: release),
        ]
        XCTAssertEqual(expired(all, .init(last: 0), kept: [release]), [904, 902].map(Sample.timestamp))
    }

    func testYoungOnesStayAndTheLimitIsExact() {
        let all = backups([990, 980, 970])
        XCTAssertEqual(
            expired(all, .init(last: 0, age: .seconds(30))), [Sample.timestamp(970)],
            "as old as the limit is too old")
        XCTAssertEqual(expired(all, .init(last: 0, age: .seconds(31))), [])
    }

    func testUnprovedOnesDoNotCountAmongTheLast() {
        let all = [Sample.backup(905, verified: .no), Sample.backup(904), Sample.backup(903)]
        XCTAssertEqual(expired(all, .init(last: 2)), [Sample.timestamp(905)])
    }

    func testTheRoomTheyTakeIsLimited() {
        let all = backups([905, 904, 903, 902])
        XCTAssertEqual(expired(all, .init(last: 9, within: 299)), [903, 902].map(Sample.timestamp))
        XCTAssertEqual(expired(all, .init(last: 9, within: 300)), [Sample.timestamp(902)])
    }

    func testTheRoomOfThoseThatStayAnywayIsTakenFirst() {
        var old = Sample.backup(1)
        old.pinned = "audit"
        let all = backups([905, 904, 903]) + [old]
        XCTAssertEqual(expired(all, .init(last: 9, within: 299)), [904, 903].map(Sample.timestamp))
        XCTAssertEqual(expired(all, .init(last: 9, within: 300)), [Sample.timestamp(903)])
    }

    func testWhatIsNotOnDiskTakesNoPlaceOfWhatIs() throws {
        let shop = try Shop { $0.backup.keep = .init(last: 1) }
        let (state, files) = (shop.machine.state, shop.machine.files)
        for number in [901, 902, 903] {
            try state.record(Sample.backup(number, release: Sample.timestamp(20)))
            files.write("{}", to: "\(shop.layout.backup(Sample.timestamp(number)))/manifest.json")
        }
        let pruner = Pruner(shop.site)
        let names = { try pruner.expiredBackups().removable.map(\.timestamp) }
        XCTAssertEqual(try names(), [902, 901].map(Sample.timestamp))
        try files.remove(shop.layout.backup(Sample.timestamp(903)))
        XCTAssertEqual(try names(), [Sample.timestamp(901)], "the newest that is there stays")
        try files.remove(shop.layout.backups)
        XCTAssertEqual(try names(), [902, 901].map(Sample.timestamp), "a disk that is not mounted")
    }

    func testAPinnedOneStaysWhateverTheRules() {
        var old = Sample.backup(1, verified: .no)
        old.pinned = "audit"
        let all = backups([905, 904]) + [old]
        XCTAssertEqual(expired(all, .init(last: 0, within: 1)), [Sample.timestamp(904)])
    }

    /// Names of 2026; the first of January was a Thursday.
    private func days(_ days: [Int]) -> [Backup] {
        days.sorted(by: >).flatMap { day in
            [day * 86_400 + 7200, day * 86_400 + 3600].map { Sample.backup($0) }
        }
    }

    private func kept(_ all: [Backup], _ rules: Environment.Retention) -> [Int] {
        let gone = Set(expired(all, rules))
        return all.filter { !gone.contains($0.timestamp) }
            .map { Int($0.createdAt.timeIntervalSince1970 - 1_767_225_600) / 86_400 }
    }

    func testTheNewestOfEachDayWeekAndMonthStays() {
        let all = days([0, 1, 3, 4, 10, 11, 12, 40, 41, 70])
        XCTAssertEqual(kept(all, .init(last: 0, daily: 3)), [70, 41, 40], "days that have one")
        XCTAssertEqual(
            kept(all, .init(last: 0, weekly: 5)), [70, 41, 12, 10, 3], "the 5th of January was a Monday")
        XCTAssertEqual(kept(all, .init(last: 0, monthly: 3)), [70, 41, 12])
        XCTAssertEqual(kept(all, .init(last: 0, monthly: 99)), [70, 41, 12])
        XCTAssertEqual(kept(all, .init(last: 0, daily: 2, monthly: 2)), [70, 41])
        XCTAssertEqual(kept(all, .init(last: 0, within: 200, daily: 9)), [70, 41], "the room is limited")
        let proved = all.filter { $0.createdAt < Sample.timestamp(70 * 86_400).date }
        let unproved = Sample.backup(71 * 86_400, verified: .no)
        XCTAssertEqual(
            kept([unproved] + proved, .init(last: 0, daily: 1)), [41], "an unproved one is nobody's")
    }

    func testAGoodOneOfWhichNoCopyExistsWaitsForItsCopy_T16() {
        var rules = Environment.BackupRules(directory: "backups")
        var all = backups([905, 904, 903, 902])
        all[1].copied = .copied
        all[2].verified = .no
        XCTAssertEqual(BackupExpiry.uncopied(all, rules: rules), [], "where nothing is copied nothing waits")
        rules.copies = [Environment.BackupRules.Copy(command: ["cp"])]
        XCTAssertEqual(
            BackupExpiry.uncopied(all, rules: rules).map(\.timestamp), [905, 902].map(Sample.timestamp),
            "a damaged one cannot be copied")
    }

    /// Whatever the rules, no rollback loses its data and something proved is left.
    func testNoRulesEverTakeWhatARollbackNeeds() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let releases = (0..<4).map(Sample.timestamp)
            let all = (900..<912).reversed().map { number in
                Sample.backup(
                    number, release: releases.randomElement(using: &generator),
                    verified: Backup.Verified.allCases.randomElement(using: &generator) ?? .no)
            }
            let kept = Set(releases.filter { _ in Bool.random(using: &generator) })
            let rules = Environment.Retention(
                last: Int.random(in: 0...3, using: &generator), age: Bool.random() ? .seconds(95) : nil,
                within: Bool.random() ? 250 : nil)
            let gone = Set(expired(all, rules, kept: kept))
            let left = all.filter { !gone.contains($0.timestamp) && $0.verified != .no }
            for release in kept where all.contains(where: { $0.release == release && $0.verified != .no }) {
                XCTAssertTrue(
                    left.contains { $0.release == release }, "\(rules) takes the data of \(release)")
            }
            if let newest = all.first(where: { $0.verified != .no }) { XCTAssertEqual(left.first, newest) }
        }
    }
}
