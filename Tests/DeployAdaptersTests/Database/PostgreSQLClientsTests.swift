import Foundation
import XCTest

@testable import DeployAdapters

final class PostgreSQLClientsTests: XCTestCase {
    private var folder = ""

    override func setUpWithError() throws {
        folder = "/tmp/deployctl-clients-\(UUID().uuidString)"
        for path in ["bin", "own", "share/postgresql-common", "lib"] { try make(path) }
        try program("share/postgresql-common/pg_wrapper")
        try program("own/psql")
        for name in ["psql", "pg_dump"] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/bin/\(name)", withDestinationPath: "../share/postgresql-common/pg_wrapper")
        }
    }

    override func tearDownWithError() throws { try FileManager.default.removeItem(atPath: folder) }

    private func make(_ path: String) throws {
        try FileManager.default.createDirectory(
            atPath: "\(folder)/\(path)", withIntermediateDirectories: true)
    }

    private func program(_ path: String) throws {
        let whole = "\(folder)/\(path)"
        try "#!/bin/sh\n".write(toFile: whole, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: whole)
    }

    private func install(_ version: String, _ programs: [String] = ["psql", "pg_dump", "pg_restore"]) throws {
        try make("lib/\(version)/bin")
        for name in programs { try program("lib/\(version)/bin/\(name)") }
    }

    private func found(_ searched: String, _ program: String = "psql") -> String? {
        PostgreSQLClients.path(to: program, of: searched, versions: "\(folder)/lib")
    }

    func testTheNewestWholeVersionStandsBeforeTheScript() throws {
        for version in ["9.6", "15", "14"] { try install(version) }
        try install("17", ["psql"])
        try make("lib/common")
        XCTAssertEqual(found("\(folder)/bin:/usr/bin"), "\(folder)/lib/15/bin:\(folder)/bin:/usr/bin")
    }

    func testAClientOfOnesOwnIsTaken() throws {
        try install("15")
        XCTAssertNil(found("\(folder)/own:\(folder)/bin"), "the first in PATH is a client itself")
        let searched = "\(folder)/own:\(folder)/bin"
        XCTAssertEqual(found(searched, "pg_dump"), "\(folder)/lib/15/bin:\(searched)", "each by itself")
        XCTAssertNil(found("\(folder)/lib"), "none is found")
    }

    func testTheScriptIsTakenWhereNothingElseIsThere() throws {
        XCTAssertNil(found("\(folder)/bin"))
        try install("17", ["psql"])
        XCTAssertNil(found("\(folder)/bin"), "a version without the programs of a backup")
    }
}
