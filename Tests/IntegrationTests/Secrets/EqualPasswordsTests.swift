import DeployTestSupport
import Foundation
import XCTest

/// Two environments whose database lets the same password in.
final class EqualPasswordsTests: XCTestCase {
    func testEqualDatabasePasswordsArePointedOutAndNeverShown_S02() throws {
        let world = try DeployctlFixture(for: self)
        try world.replace(
            "\"database\": {\"engine\": \"sqlite\", \"file\": \"data/app.db\"},",
            with: "\"sharedOnPurpose\": [\"database.server\"],", in: "environments/base.json")
        for environment in ["staging", "production"] {
            try world.replace(
                "\"logs\": ",
                with: """
                    "database": {"engine": "postgresql", "host": "127.0.0.1", "name": "shop_\(environment)",
                     "user": "shop_\(environment)", "password": {"file": ".secrets/\(environment)"}}, "logs": 
                    """, in: "environments/\(environment).json")
            try world.write("canary-of-both", to: ".secrets/\(environment)")
            try world.runProgram(["chmod", "600", "\(world.project)/.secrets/\(environment)"]).expect(0)
        }
        let refused = try world.run("validate").expect(10)
        XCTAssertTrue(
            refused.errors.contains("production and staging have the same database.password"), refused.errors)
        XCTAssertFalse((refused.output + refused.errors).contains("canary"))
        try world.write("another", to: ".secrets/production")
        try world.run("validate").expect(0)
    }
}
