import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What runs and schedules wrote goes by its age and by its number; neither takes the place of the other.
final class LogCareTests: XCTestCase {
    private func shop() throws -> (Shop, LogCare) {
        let shop = try Shop()
        shop.machine.files.write("ready\n", to: shop.layout.serviceLog("web"))
        let loader = DefinitionLoader(
            files: shop.machine.files, folder: "\(shop.machine.project)/environments")
        let definitions = DeployedDefinitions(shop.machine.ports(), written: loader)
        return (shop, LogCare(site: shop.site, definitions: definitions))
    }

    private func name(_ age: Double, _ shop: Shop, _ kind: String = "") -> String {
        let moment = shop.machine.clock.now().addingTimeInterval(-age)
        return kind.isEmpty
            ? "\(UTC.digits(moment)).jsonl" : "\(kind)-\(UTC.digits(milliseconds: moment))-1.log"
    }

    private func left(_ names: [String], _ shop: Shop, _ care: LogCare) throws -> [String] {
        for name in names { shop.machine.files.write("{}\n", to: "\(shop.layout.toolLogs)/\(name)") }
        try care.turn(pieces: 4)
        let present = Set(shop.machine.files.names(in: shop.layout.toolLogs))
        return names.filter(present.contains)
    }

    func testLogsOfRunsGoByAgeAsOutputDoes() throws {
        let (shop, care) = try shop()
        let kinds = ["", "schedule", "detached"]
        let young = kinds.map { name(29 * 86_400, shop, $0) } + ["certificate.log", "notes.txt", "2026.txt"]
        let old = kinds.map { name(31 * 86_400, shop, $0) }
        XCTAssertEqual(try left(young + old, shop, care), young)
    }

    func testTheNewestOfEachStayHoweverManyTheOthersAre() throws {
        let (shop, care) = try shop()
        let runs = (1...600).map { name(Double($0) * 60, shop) }
        let output = (1...600).map { name(Double($0), shop, "schedule") }
        let found = try left(runs + output, shop, care)
        XCTAssertEqual(found.filter(runs.contains), Array(runs.prefix(500)))
        XCTAssertEqual(found.filter(output.contains), Array(output.prefix(500)))
        let records = shop.machine.files.names(in: shop.layout.toolLogs).filter { $0.hasSuffix(".pieces") }
        XCTAssertEqual(records.count, 500, "what tells of a log goes with it")
    }
}
