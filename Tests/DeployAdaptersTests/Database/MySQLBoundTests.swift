import DeployTestSupport
import Foundation
import XCTest

@testable import DeployAdapters
@testable import DeployCore

final class MySQLBoundTests: XCTestCase {
    func testADumpOfWhichMoreComesThanWasPutInIsNotReadToItsEnd() throws {
        let folder = try makeTestFolder()
        let runner = ProcessCommandRunner(interruption: FakeInterruption())
        try Data(count: 64 << 20).write(to: URL(fileURLWithPath: "\(folder)/zeros"))
        var packing = CommandRequest(ZstdCommands.packing)
        (packing.inputFile, packing.outputFile) = ("\(folder)/zeros", "\(folder)/dump.zst")
        guard runner.run(packing).succeeded else { throw lacking("zstd") }
        let payload = MySQLPayload(path: "\(folder)/dump.zst", runner: runner)
        XCTAssertThrowsError(try payload.check(atMost: 1 << 20)) {
            let error = $0 as? DeployError
            XCTAssertEqual(error?.code, .backupFailed)
            XCTAssertTrue(error?.why.contains("more comes out of it than was put in") ?? false, "\($0)")
        }
        XCTAssertThrowsError(try payload.check(atMost: 65 << 20)) {
            XCTAssertTrue(($0 as? DeployError)?.why.contains("its end is missing") ?? false, "\($0)")
        }
    }
}
