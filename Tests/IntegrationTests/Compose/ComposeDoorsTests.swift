import DeployTestSupport
import Foundation
import XCTest

/// What a commit asks of the machine, written in every way the real parser reads.
final class ComposeDoorsTests: ComposeTestCase {
    /// What is tried: keys of service `web`, the top level, and the key the message names.
    private struct Attempt {
        var name: String
        var web = ""
        var top = ""
        var place: String
    }

    private var attempts: [Attempt] {
        let secret = "\(world.project)/.secrets/production"
        let volumes = "services.web.volumes of compose.yml"
        return [
            Attempt(
                name: "another environment's secret", web: "volumes: ['\(secret):/x:ro']", place: volumes),
            Attempt(
                name: "by steps back", web: "volumes: ['../../../../.secrets/production:/x']", place: volumes),
            Attempt(name: "by a link", web: "volumes: ['./out/production:/x']", place: volumes),
            Attempt(
                name: "by a variable", web: "volumes: ['${NOBODY:-/etc}:/x']", place: volumes),
            Attempt(name: "the state", web: "volumes: ['${DEPLOYCTL_SHARED}/../../:/x']", place: volumes),
            Attempt(
                name: "the whole shared folder", web: "volumes: ['${DEPLOYCTL_SHARED}:/x']", place: volumes),
            Attempt(
                name: "a mount inside one that is written",
                web: "volumes: ['${DEPLOYCTL_SHARED}/a:/x', '${DEPLOYCTL_SHARED}/a/b:/y:ro']", place: volumes),
            Attempt(name: "the secrets", web: "volumes: ['${DEPLOYCTL_SECRETS}:/x']", place: volumes),
            Attempt(
                name: "by an anchor", web: "volumes: *m", top: "x-mounts: &m ['/etc:/x']", place: volumes),
            Attempt(
                name: "by a merge", web: "<<: *s", top: "x-service: &s {privileged: true}",
                place: "services.web.privileged of compose.yml"),
            Attempt(
                name: "a volume that is a folder", web: "volumes: ['disk:/x']",
                top: "volumes: {kept: , disk: {driver_opts: {type: none, o: bind, device: /}}}",
                place: volumes),
            Attempt(
                name: "env_file", web: "env_file: ['\(secret)/pw']",
                place: "services.web.env_file of compose.yml"),
            Attempt(
                name: "env_file by its number", web: "\"\\x65nv_file\": out/production/pw",
                place: "services.web.env_file of compose.yml"),
            Attempt(
                name: "env_file in base 64", web: "!!binary ZW52X2ZpbGU= : out/production/pw",
                place: "services.web.env_file of compose.yml"),
            Attempt(
                name: "env_file by a variable", web: "env_file: '${NOBODY:-/etc/hostname}'",
                place: "services.web.env_file of compose.yml"),
            Attempt(
                name: "extends", web: "extends: {file: out/production/pw, service: x}",
                place: "services.web.extends of compose.yml"),
            Attempt(name: "include", top: "include: ['/etc/hostname']", place: "include of compose.yml"),
            Attempt(
                name: "a secret's file", web: "configs: [c]", top: "configs: {c: {file: '\(secret)/pw'}}",
                place: "services.web.configs.c of compose.yml"),
            Attempt(
                name: "a variable of who deploys", web: "configs: [c]",
                top: "configs: {c: {environment: HOME}}",
                place: "services.web.configs.c.environment of compose.yml"),
            Attempt(
                name: "a second document", top: "services: {web: {privileged: true}}\n---",
                place: "the file of compose.yml"),
        ]
    }

    func testNoSpellingLeadsOutOfTheRelease_S16() throws {
        try world.write("hush-of-production", to: ".secrets/production/pw")
        try FileManager.default.createSymbolicLink(
            atPath: "\(world.project)/out", withDestinationPath: "../../../../.secrets")
        for attempt in attempts {
            try write(web: attempt.web, top: attempt.top)
            try world.commit(attempt.name)
            let answer = try world.run("staging")
            XCTAssertEqual(answer.status, 10, attempt.name)
            XCTAssertTrue(
                answer.errors.contains("\(attempt.place) is refused"), "\(attempt.name): \(answer.errors)")
            XCTAssertFalse(answer.errors.contains("hush"), attempt.name)
            XCTAssertEqual(try world.containers(), [], attempt.name)
        }
    }

    func testFilesOfTheReleaseAndWhatIsGrantedReachTheContainer_S16() throws {
        try world.write("FROM_FILE=yes\n", to: "settings/web.env")
        try world.write("services: {base: {environment: {FROM_BASE: 'yes'}}}\n", to: "settings/base.yml")
        try world.write("services: {idle: {image: busybox, profiles: [never]}}\n", to: "settings/more.yml")
        try write(
            web: """
                env_file: settings/web.env
                    extends: {file: settings/base.yml, service: base}
                    environment: [HTTP_PROXY]
                    cap_add: [NET_RAW]
                """, top: "include: [settings/more.yml]")
        try world.replace(
            "\"web\": {\"role\": \"app\"",
            with: "\"web\": {\"role\": \"app\", \"grants\": {\"capabilities\": [\"NET_RAW\"]}",
            in: "environments/staging.json")
        try world.commit("Ask for what is granted")
        let plan = try world.run("plan", "staging").expect(0)
        XCTAssertTrue(plan.output.contains("newly granted: web: capability NET_RAW"), plan.output)
        try world.run("staging").expect(0)
        let inside = try world.docker([
            "inspect", "--format", "{{json .HostConfig}} {{json .Config.Env}}", world.container("web"),
        ])
        for part in [#""no-new-privileges:true""#, "NET_RAW", "FROM_FILE=yes", "FROM_BASE=yes"] {
            XCTAssertTrue(inside.contains(part), "\(part) in \(inside)")
        }
        XCTAssertFalse(inside.contains("HTTP_PROXY"), inside)
    }

    /// A container from before this was refused, or one that runs beside, may have what it needs to lead the engine away.
    func testNothingIsMountedWhereAContainerCouldPutALink_S16() throws {
        try world.run("staging").expect(0)
        let shared = "\(world.project)/.deployctl/staging/shared"
        let labels = ["deployctl.project=\(world.name)", "deployctl.environment=staging"].flatMap {
            ["--label", $0]
        }
        let other = try world.docker(
            ["run", "--detach"] + labels + ["--volume", "\(shared):/x", "busybox", "sleep", "100000"])
        try world.commit(version: "two")
        let refused = try world.run("staging").expect(12)
        XCTAssertTrue(refused.errors.contains("and could put a link where \(shared)/data"), refused.errors)
        XCTAssertEqual(try world.version(), "one", "what served goes on")
        _ = try world.docker(["rm", "--force", other.trimmingCharacters(in: .whitespacesAndNewlines)])
        try world.run("staging").expect(0)
        XCTAssertEqual(try world.version(), "two")
    }

    private func write(web: String, top: String) throws {
        let shop =
            top.hasPrefix("volumes:")
            ? ComposeShop.compose.replacingOccurrences(of: "volumes:\n  kept:\n", with: "")
            : ComposeShop.compose
        let mounts =
            "    volumes: [\"${DEPLOYCTL_SHARED:-./shared}/data:${DEPLOYCTL_SHARED:-/shared}/data\"]\n"
        let base = web.hasPrefix("volumes:") ? shop.replacingOccurrences(of: mounts, with: "") : shop
        let text = base.replacingOccurrences(of: "    build: ./app\n", with: "    build: ./app\n    \(web)\n")
        try world.write("\(top)\n\(text)\n", to: "compose.yml")
    }
}
