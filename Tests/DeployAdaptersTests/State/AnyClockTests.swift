import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// T17: whatever the clock says, runs get names of their own, and a rollback finds what was left last.
final class AnyClockTests: XCTestCase {
    private static let runsOfAProject = StoredBackups.count(250, sample: 120)

    func testNoNameIsGivenTwiceAndNoRollbackFindsAnotherTarget_T17() throws {
        let count = StoredBackups.count(10_000, sample: Self.runsOfAProject)
        var (rollbacks, refusals, names) = (0, 0, 0)
        for seed in 0..<count / Self.runsOfAProject {
            let shop = AnyClockShop(state: "\(try makeMemoryFolder())/state.db", seed: seed)
            try shop.build()
            try shop.promote()
            while shop.names.count < 3 * Self.runsOfAProject {
                shop.clock.move()
                try step(shop)
                for environment in ["staging", "production"] {
                    try shop.expectCandidates(of: environment)
                }
            }
            try expectOrder(of: shop)
            (rollbacks, refusals) = (rollbacks + shop.rollbacks, refusals + shop.refusals)
            names += Set(shop.names).count
        }
        print(
            "T17 \(count) runs under clocks that jump: \(names) names for \(3 * count) things,",
            "\(rollbacks) rollbacks, \(refusals) refused, 0 wrong targets")
        XCTAssertEqual(names, 3 * count)
        XCTAssertGreaterThan(rollbacks, count / 10)
    }

    /// Where nothing waits for a disk: power is not what fails here.
    private func makeMemoryFolder() throws -> String {
        guard access("/dev/shm", W_OK) == 0 else { return try makeTestFolder() }
        let folder = "/dev/shm/deployctl-test.\(getpid()).\(UInt32.random(in: .min ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        addTeardownBlock { try FileManager.default.removeItem(atPath: folder) }
        return folder
    }

    private func step(_ shop: AnyClockShop) throws {
        let environment = shop.clock.pick(from: ["staging", "production"])
        switch shop.clock.pick(10) {
        case ..<3: try environment == "staging" ? shop.build() : shop.promote()
        case ..<5: try shop.backUp(environment)
        default:
            let names = try XCTUnwrap(shop.models[environment]).names.sorted()
            let digits = "\(shop.clock.pick(from: names))"
            let text = spelled(digits, shop.clock.pick(4), length: 4 + shop.clock.pick(11))
            try shop.rollBack(environment, to: text, meaning: text.hasSuffix("Z") ? digits : text)
        }
    }

    private func spelled(_ digits: String, _ way: Int, length: Int) -> String {
        switch way {
        case 0: "previous"
        case 1: digits
        case 2:
            digits.replacing(/(....)(..)(..)(..)(..)(..)/) {
                "\($0.1)-\($0.2)-\($0.3)T\($0.4):\($0.5):\($0.6)Z"
            }
        default: String(digits.prefix(length))
        }
    }

    /// By sequence, whatever the clock said.
    private func expectOrder(of shop: AnyClockShop) throws {
        let listed = try shop.state.deployments(of: nil, limit: 3 * Self.runsOfAProject)
        XCTAssertEqual(listed.map(\.timestamp), Set(listed.map(\.timestamp)).sorted(by: >))
        XCTAssertEqual(listed.map(\.sequence), listed.map(\.sequence).sorted(by: >))
        XCTAssertEqual(
            listed.map(\.timestamp.description),
            stride(from: 0, to: shop.names.count, by: 3)
                .map { shop.names[$0].description }.reversed())
    }
}
