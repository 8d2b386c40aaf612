import DeployTestSupport
import Foundation
import XCTest

/// A page that a visitor still has open finds the scripts it was made with.
final class KeptAssetsOfReleasesTests: XCTestCase {
    private func world() throws -> DeployctlFixture {
        let world = try DeployctlFixture(for: self)
        try world.write(
            """
            {"project": "shop", "services": {"front": {"role": "edge", "routes": {"/": "dist", "/s": "files"}}},
             "front": {"keepAssets": "1h", "errors": {"404": "lost.html"}}, "keepReleases": 2, "drain": "1s", "watch": "0s"}
            """, to: "environments/base.json")
        try world.write("lost", to: "lost.html")
        return world
    }

    private func release(_ hash: String, _ world: DeployctlFixture) throws {
        for folder in ["dist", "files"] {
            try? FileManager.default.removeItem(atPath: "\(world.project)/\(folder)")
            for name in ["app-\(hash).js", "plain-of-\(hash.prefix(3)).js", "deep/.app-\(hash).js"] {
                try world.write("\(folder) of \(hash)", to: "\(folder)/\(name)")
            }
            try world.write("page \(hash)", to: "\(folder)/index.html")
            try FileManager.default.createSymbolicLink(
                atPath: "\(world.project)/\(folder)/link-\(hash).js", withDestinationPath: "/etc/hostname")
        }
        try world.git("add", "--all", "--force")
        try world.git("commit", "--quiet", "--message", hash)
        try world.run("staging").expect(0)
    }

    func testHashedFilesOfReleasesBeforeAreServedForAWhile() throws {
        let world = try world()
        func expect(_ cases: [(path: String, body: String)], line: UInt = #line) {
            for (path, body) in cases {
                XCTAssertEqual(world.get(path, from: "staging").body, body, path, line: line)
            }
        }
        for hash in ["aaa111", "bbb222", "ccc333"] { try release(hash, world) }
        expect([
            ("/", "page ccc333"), ("/app-ccc333.js", "dist of ccc333"), ("/app-bbb222.js", "dist of bbb222"),
            ("/app-aaa111.js", "dist of aaa111"), ("/s/app-aaa111.js", "files of aaa111"),
            ("/app-ddd444.js", "lost"), ("/plain-of-bbb.js", "lost"), ("/deep/.app-bbb222.js", "lost"),
            ("/link-bbb222.js", "lost"), ("/s/link-aaa111.js", "lost"),
        ])
        XCTAssertEqual(world.get("/app-ddd444.js", from: "staging").status, 404)
        try world.run("rollback", "previous", "--environment", "staging", "--confirm", "CONFIRM").expect(0)
        expect([
            ("/", "page bbb222"), ("/app-ccc333.js", "dist of ccc333"), ("/app-aaa111.js", "dist of aaa111"),
        ])
        try world.replace(
            "\"1h\"", with: "\"1ms\", \"fallback\": \"index.html\"", in: "environments/base.json")
        try release("eee555", world)
        for path in ["/app-ccc333.js", "/s/app-bbb222.js"] {
            XCTAssertTrue(eventually(within: 10) { world.get(path, from: "staging").body == "lost" }, path)
        }
        expect([("/cart", "page eee555")])
        try world.replace("\"1ms\"", with: "\"1h\"", in: "environments/base.json")
        try release("fff666", world)
        expect([("/app-eee555.js", "dist of eee555"), ("/s/app-eee555.js", "files of eee555")])
        expect([("/cart", "page fff666"), ("/plain-of-eee.js", "lost"), ("/link-eee555.js", "lost")])
    }
}
