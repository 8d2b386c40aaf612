import DeployTestSupport
import Foundation
import XCTest

/// What a build installs may name the folder it was built in.
final class BuildPlaceTests: XCTestCase {
    private var shop: DeployctlFixture!

    private static let build = """
        python3 -m venv --without-pip venv || exit 1
        printf '#!%s/venv/bin/python\\nimport runpy\\nrunpy.run_path("app/server.py", run_name="__main__")\\n' \
        "$PWD" > venv/bin/serve
        chmod +x venv/bin/serve
        """

    override func setUpWithError() throws {
        shop = try DeployctlFixture(for: self)
        let python =
            try shop.read("environments/base.json").split(separator: "\"")
            .first { $0.hasSuffix("python3") }.map(String.init) ?? ""
        try shop.replace(
            "[\"\(python)\", \"-IS\", \"app/server.py\"]", with: "[\"venv/bin/serve\"]",
            in: "environments/base.json")
        try shop.replace(
            "\"watch\":", with: "\"build\": [[\"sh\", \"build.sh\"]], \"keepReleases\": 2, \"watch\":",
            in: "environments/base.json")
        try shop.commit(["build.sh": Self.build], "Serve by a program that the build installs")
    }

    private var kept: [String] { names(in: ".builds") }

    /// The releases of both environments.
    private var onDisk: [String] {
        let found = Set(["staging", "production"].flatMap { self.names(in: "\($0)/releases") })
        return found.filter { !$0.contains(".") }.sorted()
    }

    private func names(in folder: String) -> [String] {
        let folder = "\(shop.project)/.deployctl/\(folder)"
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    func testAnInstalledProgramServesInBothEnvironmentsForAsLongAsOneKeepsTheRelease() throws {
        try shop.run("staging").expect(0)
        let first = try shop.stagedRelease()
        try shop.promote()
        XCTAssertEqual(try shop.version("production"), "one")
        try shop.commit(version: "two")
        try shop.run("staging").expect(0)
        let second = try shop.stagedRelease()
        for version in ["three", "four", "five"] {
            try shop.commit(version: version)
            try shop.run("staging").expect(0)
        }
        XCTAssertEqual(kept, onDisk)
        XCTAssertEqual(kept.first, first, "production runs it")
        XCTAssertFalse(kept.contains(second), "it is nobody's")
        try shop.run("restart", "production").expect(0)
        XCTAssertEqual(try shop.version("production"), "one")
        try shop.promote()
        XCTAssertEqual(try shop.version("production"), "five")
        try shop.run("rollback", "previous", "--environment", "production", "--confirm", "CONFIRM").expect(0)
        XCTAssertEqual(try shop.version("production"), "one")
        XCTAssertEqual(kept, onDisk)
    }

    func testAChangedByteWhereItWasBuiltIsRefused() throws {
        try shop.run("staging").expect(0)
        let release = try shop.stagedRelease()
        let program = ".deployctl/.builds/\(release)/release/venv/bin/serve"
        chmod("\(shop.project)/\(program)", 0o700)
        try shop.append("import os\n", to: program)
        let refused = try shop.run("production", "--confirm", "CONFIRM").expect(12)
        XCTAssertTrue(refused.errors.contains(program), refused.errors)
    }

    func testAReleaseThatNamesNoPlaceLeavesNone() throws {
        try shop.replace(
            "venv/bin/serve\"]", with: "python3\", \"app/server.py\"]", in: "environments/base.json")
        try shop.commit(["build.sh": "echo built > made\n"], "Install nothing")
        try shop.run("staging").expect(0)
        XCTAssertEqual(kept, [])
        try shop.promote()
        XCTAssertEqual(try shop.version("production"), "one")
    }

    func testAKilledBuildLeavesNothingThatCounts() throws {
        let script = "test ! -e ../../../../die || { touch ../../../../died; kill -9 $PPID; sleep 60; }\n"
        try shop.replace(
            "venv/bin/serve\"]", with: "python3\", \"app/server.py\"]", in: "environments/base.json")
        try shop.commit(["build.sh": script], "Die while it is built")
        try shop.write("", to: "die")
        XCTAssertNotEqual(try shop.run("staging").status, 0)
        XCTAssertTrue(FileManager.default.fileExists(atPath: "\(shop.project)/died"), "it began")
        XCTAssertEqual(kept.count, 1, "the run had no time to clear up")
        try shop.write(nil, to: "die")
        try shop.run("abort", "staging").expect(0)
        XCTAssertEqual(kept, [])
        try shop.run("staging").expect(0)
        XCTAssertEqual(try shop.version("staging"), "one")
    }
}
