import DeployTestSupport
import Foundation
import XCTest

/// `kit adopt` is killed at any write it waits for, and the same command goes on.
final class KitCrashTests: XCTestCase {
    func testAnInterruptedAdoptionGoesOn() throws {
        try require("age", "age-keygen", "strace")
        let made = try KitShop(DeployctlFixture(for: self))
        let shop = made.shop
        _ = try made.create("--with-secrets")
        try made.lose()
        var kills = 0
        for moment in Self.moments {
            let run = try shop.runProgram(Self.killing(at: moment) + [shop.binary] + made.adopting())
            if run.status == 0 { break }
            try run.expect(-SIGKILL, "killed at write \(moment)")
            kills += 1
            try made.adopt().expect(0, "killed at write \(moment)")
            XCTAssertEqual(try shop.items("production"), ["kept"], "killed at write \(moment)")
            XCTAssertEqual(try shop.items("staging"), ["tried"], "killed at write \(moment)")
            try shop.expectConsistent("production")
            XCTAssertFalse(shop.names(in: ".deployctl").contains(".kits"), "killed at write \(moment)")
            try made.lose()
        }
        XCTAssertGreaterThanOrEqual(kills, CrashSweep.isSoak ? 100 : 3)
    }

    private static var moments: [Int] {
        CrashSweep.isSoak ? Array(1...2000) : [3, 45, 80, 115]
    }

    private static func killing(at moment: Int) -> [String] {
        let calls = "fsync,fdatasync,rename,renameat,renameat2"
        return [
            "strace", "-qq", "-o", "/dev/null", "-e", "trace=\(calls)", "-e",
            "inject=\(calls):signal=SIGKILL:when=\(moment)",
        ]
    }
}
