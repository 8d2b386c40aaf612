import DeployTestSupport
import Foundation
import XCTest

/// The session that the documentation shows is what deployctl prints.
final class RecordedSessionTests: XCTestCase {
    func testThePageShowsWhatIsPrintedToday() throws {
        let world = try ProjectWorld(for: self)
        world.patience = 180
        let record = "\(ProjectWorld.package)/environments/quickstart/demo/record"
        let page = "\(ProjectWorld.package)/Sources/DeployCore/Documentation.docc/Session.md"
        try world.runProgram(["python3", record, world.binary, "--check", page]).expect(0)
    }
}
