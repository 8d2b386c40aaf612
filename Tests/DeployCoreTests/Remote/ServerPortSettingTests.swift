import DeployTestSupport
import XCTest

@testable import DeployCore

/// A low port is open when the machine says so now, and will say so after it starts again.
final class ServerPortSettingTests: XCTestCase {
    private let own = "/etc/sysctl.d/60-deployctl.conf"

    private func item(now: Int, files: String) throws -> ServerItem? {
        var shop = Environment(name: "production", project: "shop")
        shop.ports = ["http": 80]
        let who = ["root", "0", "", "", "ID=debian", "x86_64", "x"].map {
            ServerQuestions.Answer(status: 0, text: $0)
        }
        let login = ServerLogin(who)
        let answers: [ServerQuestion: ServerQuestions.Answer] = [
            .firstPort: .init(status: 0, text: "\(now)"), .portSetting: .init(status: 0, text: files),
        ]
        return try ServerPlan(
            try ServerPlace("root@h", account: "deploy", folder: nil, needs: ServerNeeds([shop])),
            ServerFacts(login, answers, account: "deploy"), .binary("/bin/deployctl"),
            ServerVersion(version: "1", commit: nil, schema: 1), boot: nil
        ).items.first { $0.id == "low ports" }
    }

    private func written(_ item: ServerItem?) -> String? {
        guard case .write(let text, _) = item?.step?.work.first else { return nil }
        return text
    }

    private func line(_ file: String, _ text: String) -> String { "\(file):\(text)\n" }
    private func line(_ file: String, _ port: Int) -> String {
        line(file, "net.ipv4.ip_unprivileged_port_start = \(port)")
    }

    func testAPortThatRootAloneMayOpenIsOpenedByNumber() throws {
        XCTAssertEqual(
            written(try item(now: 1024, files: "")), "net.ipv4.ip_unprivileged_port_start=80\n")
        XCTAssertEqual(try item(now: 80, files: line(own, 80))?.isThere, true)
        XCTAssertEqual(try item(now: 1024, files: line(own, 80))?.isThere, false)
    }

    /// What was typed by hand ends with the machine; what it allows beyond is not taken away.
    func testAPortThatIsOpenUntilTheNextStartIsNotThere() throws {
        XCTAssertEqual(
            written(try item(now: 80, files: "")), "net.ipv4.ip_unprivileged_port_start=80\n")
        XCTAssertEqual(
            written(try item(now: 0, files: "")), "net.ipv4.ip_unprivileged_port_start=0\n")
        XCTAssertEqual(
            written(try item(now: 80, files: line(own, "# net.ipv4.ip_unprivileged_port_start=80"))),
            "net.ipv4.ip_unprivileged_port_start=80\n")
    }

    /// As the machine reads them: by name, the last one counts, and /etc's instead of /usr's.
    func testTheLastFileDecides() throws {
        let early = line("/etc/sysctl.d/10-x.conf", 1024)
        XCTAssertEqual(try item(now: 80, files: line(own, 80) + early)?.isThere, true)
        let late = line("/etc/sysctl.d/99-x.conf", "-net/ipv4/ip_unprivileged_port_start=1024")
        let overruled = try item(now: 80, files: line(own, 80) + late)
        XCTAssertNil(overruled?.step)
        XCTAssertEqual(
            overruled?.remedy, "take ip_unprivileged_port_start out of /etc/sysctl.d/99-x.conf")
        let hidden = line("/usr/lib/sysctl.d/60-deployctl.conf", 1024)
        XCTAssertEqual(try item(now: 80, files: hidden + line(own, 80))?.isThere, true)
        XCTAssertEqual(try item(now: 80, files: line(own, 80) + hidden)?.isThere, true)
        XCTAssertEqual(try item(now: 80, files: hidden)?.isThere, false)
    }

    /// The machine reads `*.conf` of its folders, and nothing else.
    func testWhatTheMachineDoesNotReadSaysNothing() throws {
        for file in [
            "/etc/sysctl.d/99-x.conf.bak", "/etc/sysctl.d/README", "/etc/sysctl.d/old/99-x.conf",
            "/etc/sysctl.d/60-deployctl.conf.dpkg-old",
        ] {
            XCTAssertEqual(try item(now: 80, files: line(file, 80))?.isThere, false, file)
            XCTAssertEqual(try item(now: 80, files: line(own, 80) + line(file, 1024))?.isThere, true, file)
        }
    }
}
