import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// A sealed release is compared both ways before it serves again.
final class ReleaseSealTests: XCTestCase {
    private let machine = SimulatedMachine()
    private let release = Sample.timestamp(1)
    private var environment = Environment(name: "production", project: "shop")
    private var site: Site {
        Workspace(ports: machine.deployer().ports, project: machine.project).site(environment)
    }
    private var folder: String { site.layout.release(release) }
    private var strays: String { site.layout.releaseStrays(release) }
    private var digest = ""

    override func setUpWithError() throws {
        environment.sharedFolders = ["uploads"]
        machine.files.write("code", to: "\(folder)/app/server", mode: 0o700)
        machine.files.write("page", to: "\(folder)/public/index.html")
        try machine.files.pointLink("\(folder)/public/start", to: "index.html")
        let manifest = try machine.files.manifest(of: folder, except: [])
        try machine.files.publish(JSON.data(manifest), to: site.layout.releaseManifest(release))
        digest = manifest.digest
        try machine.files.pointLink("\(folder)/uploads", to: "\(site.layout.shared)/uploads")
    }

    private func settle() throws -> String { try ReleaseSeal(site).settle(release, digest: digest) }

    func testAnUntouchedReleaseStaysAsItIs_I34() throws {
        let before = machine.files.listing
        XCTAssertEqual(try settle(), "3 files, \(digest.prefix(12))")
        XCTAssertEqual(machine.files.listing.filter { !$0.contains("/made") }, before)
    }

    func testWhatWasAddedIsMovedOut_T19() throws {
        try ReleaseSeal(site).recordNoAdditions(of: release)
        machine.files.write("added", to: "\(folder)/public/added.html")
        machine.files.write("bytes", to: "\(folder)/app/__pycache__/server.pyc")
        try machine.files.pointLink("\(folder)/etc", to: "/etc")
        XCTAssertEqual(try settle(), "3 files, \(digest.prefix(12)), 3 added moved to \(strays)")
        XCTAssertNil(machine.files.kind(of: "\(folder)/public/added.html"))
        XCTAssertNil(machine.files.kind(of: "\(folder)/app/__pycache__/server.pyc"))
        XCTAssertNil(machine.files.kind(of: "\(folder)/etc"))
        XCTAssertEqual(try machine.files.read("\(strays)/public/added.html"), Data("added".utf8))
        XCTAssertEqual(machine.files.linkTarget("\(folder)/uploads"), "\(site.layout.shared)/uploads")
        XCTAssertEqual(try settle(), "3 files, \(digest.prefix(12))", "nothing is left to move")
    }

    func testALinkInPlaceOfASharedFolderIsNoneOfOurs_T19() throws {
        try ReleaseSeal(site).recordNoAdditions(of: release)
        try machine.files.pointLink("\(folder)/uploads", to: "/etc")
        XCTAssertEqual(try settle(), "3 files, \(digest.prefix(12)), 1 added moved to \(strays)")
        XCTAssertNil(machine.files.kind(of: "\(folder)/uploads"))
    }

    func testWhatWasEditedTakenAwayOrRetargetedIsRefused_T19() throws {
        func refused(_ why: String, _ change: () throws -> Void) throws {
            try change()
            expectError(.gateRefused, why) { _ = try settle() }
            machine.files.write("code", to: "\(folder)/app/server", mode: 0o700)
            machine.files.write("page", to: "\(folder)/public/index.html")
            try machine.files.remove("\(folder)/public/start")
            try machine.files.pointLink("\(folder)/public/start", to: "index.html")
            _ = try settle()
        }
        try refused("edited") { machine.files.write("codE", to: "\(folder)/app/server", mode: 0o700) }
        try refused("no longer a program") {
            machine.files.write("code", to: "\(folder)/app/server", mode: 0o600)
        }
        try refused("a program") {
            machine.files.write("page", to: "\(folder)/public/index.html", mode: 0o700)
        }
        try refused("taken away") { try machine.files.remove("\(folder)/public/index.html") }
        try refused("retargeted") { try machine.files.pointLink("\(folder)/public/start", to: "/etc/hosts") }
        try refused("a file for a link") {
            try machine.files.remove("\(folder)/public/start")
            machine.files.write("page", to: "\(folder)/public/start")
        }
    }

    func testRightsThatNobodyGaveAreTakenAway_T19() throws {
        machine.files.write("code", to: "\(folder)/app/server", mode: 0o4777)
        XCTAssertEqual(try settle(), "3 files, \(digest.prefix(12)), rights taken away from 1")
        XCTAssertEqual(machine.files.permissions(of: "\(folder)/app/server")?.mode, 0o755)
    }

    func testWhatTheProjectsOwnCommandsMadeStaysUntilItIsChanged_T19() throws {
        environment.releaseCommands = [["collect"]]
        machine.files.write("collected", to: "\(folder)/static/app.css")
        try ReleaseSeal(site).recordAdditions(of: release)
        XCTAssertEqual(try settle(), "3 files, \(digest.prefix(12))")
        machine.files.write("edited", to: "\(folder)/static/app.css")
        XCTAssertEqual(try settle(), "3 files, \(digest.prefix(12)), 1 added moved to \(strays)")
        XCTAssertNil(machine.files.kind(of: "\(folder)/static/app.css"))
    }

    func testAnEarlierVersionWroteDownNothing() throws {
        environment.releaseCommands = [["collect"]]
        machine.files.write("collected", to: "\(folder)/static/app.css")
        XCTAssertEqual(try settle(), "3 files, \(digest.prefix(12))", "taken for what the commands made")
        machine.files.write("added", to: "\(folder)/static/other.css")
        XCTAssertEqual(
            try settle(), "3 files, \(digest.prefix(12)), 1 added moved to \(strays)", "but once only")
        XCTAssertEqual(try machine.files.read("\(folder)/static/app.css"), Data("collected".utf8))
    }

    func testByteCodeOfASealedSourceMayBeWrittenOverOrMissingAndNothingElse_T19() throws {
        machine.files.write("source", to: "\(folder)/app/shop.py")
        machine.files.write("built", to: "\(folder)/app/__pycache__/shop.cpython-311.pyc")
        machine.files.write("built", to: "\(folder)/app/__pycache__/gone.cpython-311.pyc")
        machine.files.write("built", to: "\(folder)/app/shop.pyc")
        let manifest = try machine.files.manifest(of: folder, except: ["uploads"])
        try machine.files.publish(JSON.data(manifest), to: site.layout.releaseManifest(release))
        digest = manifest.digest
        let sealed = "\(manifest.entries.count) files, \(digest.prefix(12))"
        XCTAssertEqual(try settle(), sealed)

        machine.files.write("anew", to: "\(folder)/app/__pycache__/shop.cpython-311.pyc")
        expectError(.gateRefused, "is not what was built") {
            try ReleaseSeal(site).verify(release, digest: digest)
        }
        XCTAssertEqual(try settle(), "\(sealed), 1 of byte code written over moved to \(strays)")
        XCTAssertNil(machine.files.kind(of: "\(folder)/app/__pycache__/shop.cpython-311.pyc"))
        XCTAssertEqual(
            try machine.files.read("\(strays)/app/__pycache__/shop.cpython-311.pyc"), Data("anew".utf8))
        XCTAssertEqual(try settle(), sealed, "it may be missing")

        for path in ["app/__pycache__/gone.cpython-311.pyc", "app/shop.pyc", "app/shop.py"] {
            let built = try machine.files.read("\(folder)/\(path)")
            machine.files.write("slipped in", to: "\(folder)/\(path)")
            expectError(.gateRefused, path) { _ = try settle() }
            machine.files.write(
                String(decoding: try XCTUnwrap(built), as: UTF8.self), to: "\(folder)/\(path)")
        }
    }
}
