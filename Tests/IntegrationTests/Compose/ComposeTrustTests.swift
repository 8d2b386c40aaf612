import DeployTestSupport
import Foundation
import XCTest

/// What of a release reaches the engine, and what is not believed.
final class ComposeTrustTests: ComposeTestCase {
    private func inspect(_ format: String, _ service: String) throws -> String {
        try world.docker(["inspect", "--format", format, world.container(service)])
    }

    func testContainersCarryLabelsImageIdsAndNoSecret_S03_I34() throws {
        try world.run("staging").expect(0)
        let labels = try inspect("{{json .Config.Labels}}", "web")
        for label in [
            #""deployctl.project":"\#(world.name)""#, #""deployctl.environment":"staging""#,
            #""deployctl.release":""#, #""deployctl.colour":""#, #""deployctl.role":"app""#,
        ] {
            XCTAssertTrue(labels.contains(label), "\(label) in \(labels)")
        }
        XCTAssertTrue(try inspect("{{.Config.Image}}", "web").hasPrefix("sha256:"))
        for service in ["web", "keeper"] {
            XCTAssertFalse(try inspect("{{json .}}", service).contains("hush-\(world.name)"), service)
            let hosts = try inspect(
                "{{range .NetworkSettings.Ports}}{{range .}}{{.HostIp}} {{end}}{{end}}", service)
            XCTAssertEqual(Set(hosts.split(separator: " ")), ["127.0.0.1"], service)
        }
        XCTAssertEqual(
            try inspect("{{range .NetworkSettings.Ports}}{{range .}}{{.HostPort}}{{end}}{{end}}", "keeper"),
            "\(world.dataPort)")
        XCTAssertEqual(
            try inspect("{{range $name, $_ := .NetworkSettings.Networks}}{{$name}}{{end}}", "web"),
            "\(world.name)-net")
        for file in try FileManager.default.subpathsOfDirectory(atPath: "\(world.project)/.deployctl")
        where !file.contains("/secrets/") && !file.hasSuffix(".sock") {
            let data = FileManager.default.contents(atPath: "\(world.project)/.deployctl/\(file)") ?? Data()
            XCTAssertNil(data.range(of: Data("hush-\(world.name)".utf8)), file)
        }
    }

    func testALyingReleaseNeverServes_T20() throws {
        try world.run("staging").expect(0)
        let liars: [(what: String, file: String, old: String, new: String)] = [
            ("answers 500", "app/health", "200", "500"),
            ("redirects to a login", "app/health", "500", "302"),
            ("ends at once", "app/server.py", "server.serve_forever(0.02)", "raise SystemExit(3)"),
            ("listens only inside", "app/server.py", "raise SystemExit(3)", "server.serve_forever(0.02) #"),
        ]
        for (what, file, old, new) in liars {
            try world.replace(old, with: new, in: file)
            if what == "listens only inside" {
                try world.write("200\n", to: "app/health")
                try world.replace("os.environ[\"HOST\"], ", with: "\"127.0.0.1\", ", in: file)
            }
            try world.commit(what)
            try world.run("staging").expect(15)
            XCTAssertEqual(try world.version(), "one", what)
            XCTAssertEqual(try world.containers().count, 2, "\(what): nothing is left of it")
        }
    }

    func testAnImageThatIsGoneIsNotReplacedByItsName_T21_I34() throws {
        try world.run("staging").expect(0)
        try world.commit(version: "two")
        try world.run("staging").expect(0)
        let first = try XCTUnwrap(
            world.docker([
                "image", "ls", "--format", "{{.Repository}}:{{.Tag}}", "--filter",
                "reference=\(world.name)-*",
            ])
            .split(separator: "\n").map(String.init).min())
        let second = try inspect("{{.Image}}", "web")
        try world.docker(["image", "rm", first])
        try world.docker(["tag", second, first])
        let answer = try world.run("rollback", "previous", "--environment", "staging", "--code-only").expect(
            12)
        XCTAssertTrue(answer.errors.contains("is gone"), answer.errors)
        XCTAssertEqual(try world.version(), "two")
    }

    func testWhatIsUnsafeIsRefusedBeforeAnythingRuns() throws {
        try world.replace(
            "    build: ./app\n", with: "    build: ./app\n    privileged: true\n", in: "compose.yml")
        try world.commit("Ask for everything")
        let answer = try world.run("staging").expect(10)
        XCTAssertTrue(answer.errors.contains("services.web.privileged of compose.yml"), answer.errors)
        XCTAssertEqual(try world.containers(), [])
    }

    func testPruningKeepsTheImagesOfKeptReleases_I10() throws {
        try world.replace(
            "\"drain\"", with: "\"keepReleases\": 2, \"drain\"", in: "environments/staging.json")
        for version in ["two", "three", "four"] {
            try world.commit(version: version)
            try world.run("staging").expect(0)
        }
        let images = try world.docker([
            "image", "ls", "--format", "{{.Tag}}", "--filter", "reference=\(world.name)-web",
        ])
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: "\(world.project)/.deployctl/staging/releases")
        let kept = folders.filter { !$0.contains(".") }.sorted()
        XCTAssertLessThan(kept.count, 4, "one release is pruned")
        XCTAssertEqual(images.split(separator: "\n").map(String.init).sorted(), kept)
        try world.run("rollback", "previous", "--environment", "staging", "--code-only").expect(0)
        XCTAssertEqual(try world.version(), "three")
    }
}
