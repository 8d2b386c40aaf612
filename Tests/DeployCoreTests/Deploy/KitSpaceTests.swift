import DeployTestSupport
import XCTest

@testable import DeployCore

/// A kit is no reason for what serves to run out of room.
final class KitSpaceTests: XCTestCase {
    func testNoKitIsMadeWhereItsRoomIsMissing() throws {
        let shop = try Shop()
        let (backup, release) = (Sample.timestamp(901), Sample.timestamp(20))
        try shop.machine.state.record(Sample.backup(901, release: release))
        shop.machine.files.write(
            String(repeating: "x", count: 1_000_000), to: "\(shop.layout.backup(backup))/database")
        let space = KitSpace(workspace: shop.machine.workspace())
        try space.demand(for: [shop.environment])
        shop.machine.files.setFreeBytes(KitSpace.needed(for: 1_000_000) - 1)
        expectError(.backupFailed, "no room") { try space.demand(for: [shop.environment]) }
        shop.machine.files.setFreeBytes(KitSpace.needed(for: 2_000_000))
        try space.demand(for: [shop.environment])
    }
}
