import DeployTestSupport
import Foundation
import XCTest

/// A page of a static route answers paths without a file, and nothing else is given away by it.
final class FallbackTests: XCTestCase {
    private func world(_ files: [String: String], fallback: String = "index.html") throws -> DeployctlFixture
    {
        let world = try DeployctlFixture(for: self)
        try world.replace(
            "\"/\": \"web\"", with: #""/health": "web", "/admin": "admin", "/plain": "plain", "/": "public""#,
            in: "environments/base.json")
        try world.replace(
            "\"drain\"",
            with:
                #""front": {"fallback": "\#(fallback)", "errors": {"404": "errors/404.html"}}, "shared": ["public/uploads"], "drain""#,
            in: "environments/base.json")
        for (path, text) in files { try world.write(text, to: path) }
        for (path, target) in [("public/out", "/etc/hosts"), ("public/etc", "/etc")] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(world.project)/\(path)", withDestinationPath: target)
        }
        try world.git("add", "--all", "--force")
        try world.git("commit", "--quiet", "--message", "Site")
        return world
    }

    private let site = [
        "public/index.html": "page", "public/about.html": "about", "public/docs/index.html": "docs",
        "public/assets/app.js": "script", "public/.env": "secret", "public/.html": "secret",
        "admin/index.html": "admin", "admin/users.html": "users", "plain/a.txt": "a",
        "errors/404.html": "lost",
    ]

    func testPathsWithoutAFileAreThePageAndFilesAreNot_S08() throws {
        let world = try world(site)
        try world.run("staging").expect(0)
        for (path, status, body) in [
            ("/", 200, "page"), ("/index.html", 200, "page"), ("/cart/3", 200, "page"),
            ("/cart/", 200, "page"),
            ("/about", 200, "about"), ("/about?x=1", 200, "about"), ("/docs/", 200, "docs"),
            ("/assets/", 200, "page"), ("/assets/app.js", 200, "script"), ("/assets/gone.js", 404, "lost"),
            ("/favicon.ico", 404, "lost"), ("/.env", 404, "lost"), ("/.html", 404, "lost"),
            ("/admin/", 200, "admin"), ("/admin/users", 200, "users"), ("/admin/x/y", 200, "admin"),
            ("/admin/gone.css", 404, "lost"), ("/plain/a.txt", 200, "a"), ("/plain/b", 404, "lost"),
            ("/out", 200, "page"), ("/etc/passwd", 200, "page"), ("/etc/", 200, "page"),
            ("/uploads/none", 404, "lost"), ("/.deployctl-errors/404.html", 404, "lost"),
        ] as [(String, Int, String)] {
            let answer = world.get(path, from: "staging")
            XCTAssertEqual(answer.status, status, path)
            XCTAssertEqual(answer.body, body, path)
        }
        XCTAssertEqual(world.get("/docs", from: "staging").headers["location"], "/docs/")
        XCTAssertEqual(world.get("/cart", from: "staging").headers["content-type"], "text/html")
    }

    func testAPageThatNoRouteHasStopsTheDeployment() throws {
        var files = site
        (files["public/index.html"], files["admin/index.html"]) = (nil, nil)
        let world = try world(files)
        let run = try world.run("staging").expect(15).expectExplained()
        XCTAssertTrue(run.errors.contains("The fallback index.html cannot be shown"), run.errors)
        XCTAssertTrue(run.errors.contains("no such file in admin, plain, public"), run.errors)
    }

    func testAPageThatIsALinkIsNotShown_S08() throws {
        let world = try world(site)
        try FileManager.default.removeItem(atPath: "\(world.project)/errors/404.html")
        try FileManager.default.createSymbolicLink(
            atPath: "\(world.project)/errors/404.html", withDestinationPath: "/etc/hosts")
        try world.git("add", "--all", "--force")
        try world.git("commit", "--quiet", "--message", "Link")
        let run = try world.run("staging").expect(15).expectExplained()
        XCTAssertTrue(run.errors.contains("errors/404.html for status 404 cannot be shown"), run.errors)
        XCTAssertTrue(run.errors.contains("it is a link"), run.errors)
    }

    func testASiteThatAnswers403IsNotHealthy_T20() throws {
        let world = try DeployctlFixture(for: self)
        try world.replace("\"/\": \"web\"", with: #""/": "public""#, in: "environments/base.json")
        try world.write("x", to: "public/other.html")
        try world.commit("A site without a first page")
        let run = try world.run("staging")
        XCTAssertNotEqual(run.status, 0)
        XCTAssertTrue(run.errors.contains("/ answers 403"), run.errors)
    }
}
