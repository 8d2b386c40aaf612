import XCTest

@testable import DeployCore

final class WrongDefinitionTests: XCTestCase {
    func testEachWrongDefinitionIsRefusedAtItsLineAndKey() throws {
        XCTAssertGreaterThanOrEqual(WrongDefinition.all.count, 70)
        XCTAssertEqual(Set(WrongDefinition.all.map(\.name)).count, WrongDefinition.all.count)
        for wrong in WrongDefinition.all {
            let loader = DefinitionFixture.loader(
                wrong.others.merging(["\(wrong.environment).json": wrong.text]) { $1 })
            let file = "environments/\(wrong.file ?? "\(wrong.environment).json")"
            XCTAssertThrowsError(try loader.load(wrong.environment), wrong.name) { error in
                guard let error = error as? DeployError else { return XCTFail(wrong.name) }
                XCTAssertEqual(error.code, .invalidDefinition, wrong.name)
                let place = "\(file):\(wrong.line): " + (wrong.path.isEmpty ? "" : "\(wrong.path): ")
                XCTAssertTrue(error.what.hasPrefix(place), "\(wrong.name): \(error.what)")
                XCTAssertTrue(
                    error.what.dropFirst(place.count).contains(wrong.says), "\(wrong.name): \(error.what)")
                XCTAssertTrue(
                    error.next.hasPrefix("edit \(file), line \(wrong.line): "), "\(wrong.name): \(error.next)"
                )
            }
            let problems = try loader.problems(in: wrong.environment)
            XCTAssertEqual(problems.count, 1, "\(wrong.name): \(problems.map(\.summary))")
            XCTAssertEqual(problems.first?.next.isEmpty, false, wrong.name)
        }
    }

    func testBytesThatAreNotUTF8AreRefusedAtTheirLine() throws {
        let store = DefinitionFixture.store()
        store.write(Data([0x7B, 0x0A, 0x20, 0xC0, 0xAF, 0x7D]), to: "environments/staging.json")
        let problem = try DefinitionLoader(files: store, folder: "environments").problems(in: "staging").first
        XCTAssertEqual(problem?.summary, "environments/staging.json:2: the file is not UTF-8 here")
        XCTAssertEqual(problem?.column, 2)
    }

    func testAFileWhoseNameIsNoEnvironmentNameIsRefused() throws {
        let loader = DefinitionFixture.loader(["Staging 2.json": "{}"])
        XCTAssertTrue(loader.names().contains("Staging 2"))
        XCTAssertEqual(
            try loader.problems(in: "Staging 2").first?.what,
            "\"Staging 2\" cannot be the name of an environment")
    }
}
