import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What lay on the disk while nobody ran is looked at again before it serves.
final class ResumedSealTests: XCTestCase {
    /// A shop whose run died after its first step and before anything was started.
    private func cut(_ draft: (Shop) throws -> PlanDraft, after step: String) throws -> Shop {
        for changes in 1..<200 {
            let shop = try Shop()
            _ = try? shop.run(draft(shop), named: 200, life: Life(changes: changes))
            let steps = try shop.machine.state.steps(of: Sample.timestamp(200))
            if steps.contains(where: { $0.step == step && $0.state == .finished }) { return shop }
        }
        throw POSIXError(.ENOENT)
    }

    func testAResumedPromotionRunsWhatWasProved_I34() throws {
        let shop = try cut({ try $0.promotion(of: 30) }, after: CopyRelease.id)
        let program = "/srv/shop/.deployctl/production/releases/\(Sample.timestamp(30))/bin/web"
        shop.machine.files.write("edited", to: program, mode: 0o700)
        _ = try Recovery(deployer: shop.machine.deployer()).resume("production")
        XCTAssertEqual(try shop.machine.files.read(program), Data("release 30".utf8))
    }

    func testAResumedRollbackRefusesWhatWasEdited_T19() throws {
        let shop = try cut({ try $0.rollback() }, after: CheckRelease.id)
        let program = "/srv/shop/.deployctl/production/releases/\(Sample.timestamp(20))/bin/web"
        shop.machine.files.write("edited", to: program, mode: 0o700)
        expectError(.gateRefused, "an edited program") {
            _ = try Recovery(deployer: shop.machine.deployer()).resume("production")
        }
    }
}
