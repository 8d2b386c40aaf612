import DeployTestSupport
import Foundation
import XCTest

/// The package that `make package` builds, on a machine that never saw Swift: apt installs it, the demonstration passes with it,
/// the next version keeps the state of the one before, and apt does not go back.
///
/// With `DEPLOYCTL_SOAK=1`, after `make release`.
final class PackageTests: XCTestCase {
    private var server: ThrowawayServer!

    func testTheProgramRunsWhereNoSwiftIs() throws {
        guard CrashSweep.isSoak else { return }
        let world = try ProjectWorld(for: self)
        // xz takes its time where both cores are busy.
        world.patience = 600
        let names = try pack(world)
        server = try ThrowawayServer(fresh: "package", for: self)
        try server.upload(world.project, to: "/packages")
        try server.upload("\(ProjectWorld.package)/environments/quickstart", to: "/home/deploy/quickstart")
        try expect(
            try server.user("ls -d /opt/swift* /usr/lib/swift*").status != 0, "there is no Swift")

        try install(names.before)
        try expect(try user("deployctl version").contains("schema"), "it starts")
        // What the demonstration and its application are written in; nothing else is theirs.
        try server.root(
            "apt-get install -y -q --no-install-recommends python3 && systemctl disable --now nginx")
        let demonstration = try user("python3 quickstart/demo/demo /usr/bin/deployctl")
        print(demonstration.split(separator: "\n").suffix(3).joined(separator: "\n"))

        try user(
            """
            cp -r quickstart p && cd p && rm -rf demo && git init -q -b main && git add -A
            git -c user.name=ada -c user.email=ada@example.org commit -q -m Theirs
            for e in staging production; do install -D -m 600 <(head -c 32 /dev/urandom | base64) .secrets/$e/session-key; done
            deployctl staging && deployctl production --confirm CONFIRM
            """)
        let served = try releases()
        try install(names.now)
        try expectEqual(try releases(), served, "the state is kept")
        try user("cd p && deployctl restart production && deployctl status")
        let back = try server.user("sudo apt-get install -y -q /packages/\(names.before)")
        try expect(back.status != 0 && back.output.contains("downgraded"), back.output)
        try expect(try user("dpkg-query -W deployctl").contains("0.1.0"), "the newer one stays")
        try takeAway()
    }

    /// As the page says it; what was made stays.
    private func takeAway() throws {
        try server.root("loginctl enable-linger deploy")
        try user("cd p && deployctl boot install")
        let page = "\(ProjectWorld.package)/Sources/DeployCore/Documentation.docc/FromALaptopToAServer.md"
        let part = try String(contentsOfFile: page, encoding: .utf8)
            .components(separatedBy: "### The next version").last?.components(separatedBy: "\n## ").first
        let lines = try XCTUnwrap(part?.firstMatch(of: #/```sh\n((?:[^`].*\n)*)```/#)).output.1
        try user("cd p\nset -e\n\(lines)")
        try expect(try server.user("deployctl version").status != 0, "it is gone")
        try user("ls -d p/.deployctl/state.db p/.secrets && ! systemctl --user is-active 'deployctl-*'")
    }

    /// Both as they are built, the one before by its number alone.
    private func pack(_ world: ProjectWorld) throws -> (before: String, now: String) {
        let script = """
            '\(ProjectWorld.package)/.ci/package' '\(ProjectWorld.package)/.build/deployctl' packed
            cp packed/*.deb . && dpkg-deb -R deployctl_0.1.0_*.deb before
            sed -i 's/^Version: .*/Version: 0.0.9/' before/DEBIAN/control
            dpkg-deb -Zgzip --root-owner-group --build before deployctl_0.0.9.deb && rm -rf packed before
            ls deployctl_0.1.0_*.deb
            """
        let run = try world.runProgram(["bash", "-euc", script]).expect(0, "after make release")
        let name = try XCTUnwrap(run.output.split(separator: "\n").last)
        return ("deployctl_0.0.9.deb", String(name))
    }

    /// With what it recommends, as apt does by itself.
    private func install(_ name: String) throws {
        try server.root(
            "apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q -o APT::Install-Recommends=true /packages/\(name)"
        )
    }

    @discardableResult
    private func user(_ script: String) throws -> String {
        let run = try server.user(script)
        try expectEqual(run.status, 0, "\(script): \(run.output)")
        return run.output
    }

    private func releases() throws -> [String?] {
        let output = try user("cd p && deployctl status --json 2>/dev/null")
        return try JSONDecoder().decode(StatusReport.self, from: Data(output.utf8)).environments.map(
            \.release)
    }
}
