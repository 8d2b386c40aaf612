import XCTest

@testable import DeployCore

/// What a static route serves is known before nginx is asked for it.
final class StaticPlacesTests: XCTestCase {
    private let shared = "/srv/.deployctl/staging/shared"

    private func places(
        _ path: String, _ folder: String, links: [String: String] = [:], files: [String] = [],
        shared folders: [String] = [], database: String? = nil
    ) -> [String] {
        let entries =
            links.map { Manifest.Entry(path: $0.key, content: .link(target: $0.value)) }
            + files.map { Manifest.Entry(path: $0, content: .file(sha256: "", executable: false)) }
        return StaticPlaces(
            release: "/r", sealed: Manifest(entries: entries),
            shared: Dictionary(uniqueKeysWithValues: folders.map { ($0, "\(shared)/\($0)") }),
            database: database
        ).places(for: .init(path: path, target: .folder(folder)), folder: folder)
            .map { "\($0.address) \($0.path) below \($0.root)" }
    }

    func testAFolderIsServedBelowItsRoute() {
        XCTAssertEqual(places("/", "public"), ["/ /r/public below /r"])
        XCTAssertEqual(places("/files", "site"), ["/files/ /r/site below /r"])
        XCTAssertEqual(places("/files/", "a/b"), ["/files/ /r/a/b below /r"])
        XCTAssertEqual(places("/", "."), ["/ /r below /r"])
    }

    func testLinksThatStayBelowTheFolderAreResolved() {
        let links = ["public/latest": "v2", "public/old": "./latest", "public/page": "v2/index.html"]
        XCTAssertEqual(
            places("/", "public", links: links, files: ["public/v2/index.html"]),
            [
                "/ /r/public below /r", "/latest/ /r/public/v2 below /r", "/old/ /r/public/v2 below /r",
                "/page /r/public/v2/index.html below /r",
            ])
        XCTAssertEqual(places("/", "public", links: ["public": "dist/web"]), ["/ /r/dist/web below /r"])
    }

    func testLinksThatLeadOutAreNot() {
        for target in ["/etc", "../secret", "..", "../..", "../../../etc", "v/../../secret", "loop"] {
            XCTAssertEqual(
                places("/", "public", links: ["public/x": target, "public/loop": "loop"]),
                ["/ /r/public below /r"], target)
        }
        XCTAssertEqual(places("/", "public", links: ["public": "/etc"]), [])
        XCTAssertEqual(places("/", "public", links: ["public": "../../etc"]), [])
        XCTAssertEqual(
            places("/", "public", links: ["public/a\";": "v"]), ["/ /r/public below /r"],
            "a name that nginx reads otherwise")
        for odd in ["d$http_x", "d$uri", "a;b", "a{b"] {
            XCTAssertEqual(places("/", "public", links: ["public": odd]), [], odd)
            XCTAssertEqual(
                places("/", "public", links: ["public/a": odd, "public/d": "v"]),
                ["/ /r/public below /r", "/d/ /r/public/v below /r"], "a target that nginx reads otherwise")
        }
        XCTAssertEqual(
            places("/s", "site", links: ["site": "data"], shared: ["data"], database: "data/app.db"), [],
            "only a route that names a shared folder has it")
    }

    func testSharedFoldersAreServedFromWhereTheyLie() {
        XCTAssertEqual(
            places("/uploads", "uploads", shared: ["uploads"]),
            ["/uploads/ \(shared)/uploads below \(shared)/uploads"])
        XCTAssertEqual(
            places("/images", "uploads/images", shared: ["uploads"]),
            ["/images/ \(shared)/uploads/images below \(shared)/uploads"])
        XCTAssertEqual(
            places("/", "public", shared: ["public/uploads", "other"]),
            ["/ /r/public below /r", "/uploads/ \(shared)/public/uploads below \(shared)/public/uploads"])
        XCTAssertEqual(
            places("/", "public", links: ["public/all": "../other"], shared: ["other"]),
            ["/ /r/public below /r"], "a commit's own link does not publish a shared folder")
    }

    func testTheDatabaseIsNeverServed() {
        XCTAssertEqual(places("/data", "data", shared: ["data"], database: "data/app.db"), [])
        XCTAssertEqual(places("/", ".", shared: ["data"], database: "data/app.db"), ["/ /r below /r"])
    }
}
