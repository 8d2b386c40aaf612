import DeployTestSupport
import Foundation
import XCTest

@testable import DeployAdapters
@testable import DeployCore

/// Real processes, ended at the end of the test.
class ProcessTableFixture: XCTestCase {
    let table = LinuxProcessTable()
    let files = LocalFileStore()

    func start(
        _ vector: [String], in folder: String, _ environment: [String: String] = [:]
    ) throws -> ProcessIdentity {
        let command = try XCTUnwrap(Command(vector: vector))
        let identity = try table.start(
            ServiceLaunch(
                command: command, directory: folder, environment: environment, log: "\(folder)/logs/log"))
        let table = table
        addTeardownBlock {
            table.signal(identity, .kill)
            XCTAssertTrue(eventually { !table.isRunning(identity) })
        }
        return identity
    }

    func log(_ folder: String) -> String {
        (try? files.read("\(folder)/logs/log")).flatMap { $0 }.map { String(decoding: $0, as: UTF8.self) }
            ?? ""
    }
}
