import DeployTestSupport
import Foundation
import XCTest

/// On a server with a journal, what services write is found by who runs the machine, in the machine's own way.
final class ForwardedLogsTests: XCTestCase {
    /// Lines that the journal holds of a service's log, without what the service itself wrote.
    private func held(_ shop: KeptServer, _ environment: String) throws -> [Int] {
        let all = try shop.server.root(
            "journalctl -t shop-\(environment)-web -o cat --no-pager | grep '^mark ' || true")
        return all.split(separator: "\n").compactMap { Int($0.split(separator: " ")[1]) }
    }

    /// Lines of 128 bytes, so that each block of the file ends with one.
    private func write(_ shop: KeptServer, _ environment: String, _ numbers: ClosedRange<Int>) throws {
        let filler = String(repeating: "x", count: 127)
        try shop.run(
            """
            log=logs/\(environment)/web.log; size=$(stat -c %s $log)
            { printf "%*s\\n" $((127 - size % 128)) .
                seq -f "mark %.0f \(filler)" \(numbers.lowerBound) \(numbers.upperBound) | cut -c 1-127; } >> $log
            """)
    }

    private func waits(
        _ shop: KeptServer, _ environment: String, for last: Int, within: Double = 60
    ) throws -> [Int] {
        var found: [Int] = []
        let isThere = try eventually(within: within) {
            found = try held(shop, environment)
            return found.last == last
        }
        try expect(
            isThere, "the journal holds \(found.count) lines of \(environment), up to \(found.last ?? 0)")
        return found
    }

    func testTheJournalHoldsEachLineAcrossRotationAndDeath() throws {
        let shop = try KeptServer("forwarded", for: self, user: "root")
        for (name, target) in [("staging", "syslog"), ("production", "journal")] {
            let rules = "{\"folder\": \"logs/\(name)\", \"size\": \"64KiB\", \"to\": \"\(target)\"}"
            try shop.run(
                "sed -i 's#\"logs\": \"logs/\(name)\"#\"logs\": \(rules)#' environments/\(name).json && grep -q \(target) environments/\(name).json"
            )
        }
        try shop.run(
            "git commit -qam 'Hand logs on' && deployctl staging -q && deployctl production -q --confirm CONFIRM"
        )
        let doctor = try shop.attempt("deployctl doctor").output
        XCTAssertTrue(doctor.contains("nobody keeps this project"), doctor)
        try shop.install()
        _ = try shop.answer("/items")
        sleep(2)
        for environment in ["staging", "production"] {
            try write(shop, environment, 1...3000)
            XCTAssertEqual(try waits(shop, environment, for: 3000), Array(1...3000), environment)
        }
        let pieces = try shop.run(
            "ls logs/production")
        XCTAssertTrue(pieces.contains("web.log-"), "its beginning was taken off meanwhile: \(pieces)")
        try shop.server.root(
            "systemctl stop systemd-journald.socket systemd-journald-dev-log.socket systemd-journald")
        try write(shop, "production", 3001...3500)
        try shop.run("systemctl kill -s KILL --kill-whom=main deployctl-shop")
        try shop.server.root(
            "systemctl start systemd-journald.socket systemd-journald-dev-log.socket systemd-journald")
        try write(shop, "production", 3501...4000)
        let all = try waits(shop, "production", for: 4000, within: 60)
        XCTAssertEqual(Set(all), Set(1...4000), "a line may come twice, and none is lost")
        let access = try shop.server.root(
            "journalctl -t shop-production-access -o cat --no-pager | tail -n 1")
        XCTAssertTrue(access.contains("\"status\""), access)
        let passed = try shop.attempt("deployctl doctor").output
        XCTAssertTrue(passed.contains("journalctl -t shop-production-web"), passed)
    }
}
