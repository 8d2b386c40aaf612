import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

extension DeployctlFixture {
    /// What the database holds now: schema, rows and their hash, as a backup taken for it says.
    func contents(_ environment: String) throws -> DatabaseSummary {
        try run("backup", "create", environment).expect(0)
        return try newestContents(environment)
    }

    /// What the newest backup says of the database.
    func newestContents(_ environment: String) throws -> DatabaseSummary {
        let newest = try XCTUnwrap(try backups(environment).map(\.timestamp).max())
        let file = URL(fileURLWithPath: "\(project)/backups/\(environment)/\(newest)/manifest.json")
        let manifest = try JSON.value(BackupManifest.self, from: Data(contentsOf: file), named: file.path)
        return try XCTUnwrap(manifest.database?.summary)
    }
}
