import Foundation
import XCTest

@testable import DeployCore

/// A commit gives the administrator's password to the database's own service, and to no other.
final class AdministratorsPasswordTests: XCTestCase {
    private func refusal(_ service: String, _ tree: String, database: String? = "database") throws
        -> DeployError?
    {
        let file = try ComposeFixture.file {
            guard case .object(var all) = $0 else { return }
            all["configs"] = .object(["c": .object(["file": .text("/s/DATABASE_ADMIN_PASSWORD")])])
            all["secrets"] = .object([
                "DATABASE_ADMIN_PASSWORD": .object(["file": .text("/s/DATABASE_ADMIN_PASSWORD")]),
                "other": .object(["file": .text("/s/DATABASE_ADMIN_PASSWORD")]),
                "TOKEN": .object(["file": .text("/s/TOKEN")]),
            ])
            $0 = .object(all)
        }
        let service = (service, try JSONDecoder().decode(JSONTree.self, from: Data(tree.utf8)))
        do throws(DeployError) {
            try AdministratorsPassword(file: file, folder: "/s", database: database)
                .refuse(service.1, mounting: service.1["volumes"]?.items ?? [], of: service.0)
            return nil
        } catch { return error }
    }

    private func bind(_ source: String) -> String {
        #"{"volumes": [{"type": "bind", "source": "\#(source)", "target": "/x", "read_only": true}]}"#
    }

    func testEveryWayToItIsRefusedToOthers() throws {
        for tree in [
            #"{"secrets": [{"source": "DATABASE_ADMIN_PASSWORD"}]}"#,
            #"{"secrets": ["DATABASE_ADMIN_PASSWORD"]}"#,
            #"{"secrets": [{"source": "other", "target": "/x"}]}"#, #"{"configs": [{"source": "c"}]}"#,
            bind("/s"), bind("/s/DATABASE_ADMIN_PASSWORD"),
        ] {
            for database in ["database", nil] {
                let refusal = try XCTUnwrap(refusal("cache", tree, database: database), tree)
                XCTAssertEqual(refusal.code, .invalidDefinition)
                XCTAssertTrue(refusal.what.contains("services.cache"), refusal.what)
            }
            XCTAssertNil(try refusal("database", tree), "it is the database's own")
        }
    }

    func testOtherSecretsAreNobodysMatter() throws {
        for tree in [
            #"{"secrets": [{"source": "TOKEN"}]}"#, bind("/s/TOKEN"), bind("/srv"), bind("/sx"), "{}",
        ] {
            XCTAssertNil(try refusal("cache", tree), tree)
        }
    }
}
