import DeployTestSupport
import Foundation
import XCTest

/// Whoever starts the keeper, it keeps the same promises.
final class KeeperContractTests: XCTestCase {
    /// How a keeper is started.
    private enum Way: String, CaseIterable {
        case system = "systemd"
        case user = "systemd of the user"
        case cron
        case hand = "by hand"

        var account: String {
            switch self {
            case .system: "root"
            case .user: "deploy"
            case .cron: "clocked"
            case .hand: "handy"
            }
        }
    }

    /// A project, and by which way its keeper is started.
    private struct Kept {
        let way: Way
        let shop: KeptServer

        func start() throws {
            switch way {
            case .system, .user: try shop.install()
            case .cron:
                let said = try shop.run("deployctl boot install")
                XCTAssertTrue(said.contains("cron"), said)
            case .hand: try startByHand()
            }
        }

        func startByHand() throws {
            try shop.run("setsid nohup deployctl boot run >/dev/null 2>&1 </dev/null & true")
        }

        /// Processes of production that a pattern of their command finds.
        func processes(_ pattern: String) throws -> Set<String> {
            let found = try shop.attempt("pgrep -u \(way.account) -f \"\(pattern)\"; true").output
            return Set(found.split(separator: "\n").map(String.init))
        }
    }

    /// With `DEPLOYCTL_SOAK=1` by every way; otherwise by one whose keeper is nobody's unit.
    func testAKeeperKeepsItsPromisesWhoeverStartsIt() throws {
        let isSoak = ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] == "1"
        let ways: [Way] = isSoak ? Way.allCases : [.cron]
        let first = try KeptServer("contract", for: self)
        try first.server.root(
            """
            DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends cron
            for name in clocked handy; do
                useradd -m -s /bin/bash $name && systemctl mask --now user@$(id -u $name).service; chmod 755 /home/$name
            done
            """)
        for way in ways {
            let shop = way == .user ? first : try KeptServer(on: first.server, for: self, user: way.account)
            let kept = Kept(way: way, shop: shop)
            try kept.start()
            for (promise, keep) in promises {
                print("\(way.rawValue): \(promise)")
                try keep(kept)
            }
            try shop.run("deployctl stop staging -q; deployctl stop production -q")
        }
    }

    private var promises: [(String, (Kept) throws -> Void)] {
        [
            ("it says who it is", saysWhoItIs), ("it is the only one", isTheOnlyOne),
            ("it starts again what was killed", startsWhatWasKilled),
            ("it leaves ended what somebody ended", leavesEnded),
            ("it says that something ends again and again", saysThatItLoops),
            ("everything comes back with the machine", comesBack),
            ("what it keeps goes on without it", leavesEverythingRunning),
        ]
    }

    private func saysWhoItIs(_ kept: Kept) throws {
        try expect(
            try eventually(within: 15) {
                try kept.shop.attempt("deployctl boot status --json").output.contains("\"keeper\":\"process ")
            }, "boot status names it")
        let status = try kept.shop.attempt("deployctl boot status")
        XCTAssertEqual(status.status, kept.way == .hand ? 19 : 0, status.output)
    }

    private func isTheOnlyOne(_ kept: Kept) throws { try kept.shop.run("deployctl boot run", 11) }

    private func startsWhatWasKilled(_ kept: Kept) throws {
        try kept.shop.post("kept")
        let place = "\(kept.shop.folder)/.deployctl/production"
        for pattern in [
            "[n]ginx: master.*\(place)/edge", "[n]ginx: master.*\(place)/.*/[0-9]{14}",
            "[p]ython3 .*server.py",
        ] {
            let before = try kept.processes(pattern)
            XCTAssertFalse(before.isEmpty, pattern)
            _ = try kept.shop.attempt("kill -9 \(before.joined(separator: " "))")
            try expect(
                try eventually(within: 15) {
                    let now = try kept.processes(pattern)
                    return now.count == before.count && now.isDisjoint(with: before)
                }, "\(pattern) runs again")
            XCTAssertEqual(try kept.shop.items(), ["kept"])
        }
    }

    private func leavesEnded(_ kept: Kept) throws {
        try kept.shop.run("deployctl stop staging -q; sleep 1")
        let status = try kept.shop.run("deployctl status --json staging")
        XCTAssertTrue(status.contains("\"state\":\"stopped\""), status)
        try kept.shop.run("deployctl start staging -q")
    }

    private func saysThatItLoops(_ kept: Kept) throws {
        let file = "$(readlink -f .deployctl/production/current)/app/server.py"
        try kept.shop.run("chmod u+w $(dirname \(file)); mv \(file) /tmp/\(kept.way.account).py; true")
        let running = try kept.processes("[p]ython3 .*server.py")
        _ = try kept.shop.attempt("kill -9 \(running.joined(separator: " "))")
        try expect(
            try eventually(within: 30) {
                try kept.shop.attempt("deployctl status production").output.contains("crash loop")
            }, "a crash loop is said")
        try kept.shop.run("cp /tmp/\(kept.way.account).py \(file)")
        XCTAssertEqual(try kept.shop.items(within: 40), ["kept"])
    }

    private func comesBack(_ kept: Kept) throws {
        try kept.shop.server.cutPower()
        if kept.way == .hand { try kept.startByHand() }
        XCTAssertEqual(try kept.shop.items(), ["kept"])
        XCTAssertFalse(try kept.shop.answer("/version", from: "staging").isEmpty)
        try kept.shop.run("deployctl status")
    }

    private func leavesEverythingRunning(_ kept: Kept) throws {
        let before = try kept.processes("[p]ython3 .*server.py")
        let removal = try kept.shop.attempt("deployctl boot remove")
        let ended = try eventually(within: 5) { try kept.processes("[b]oot run").isEmpty }
        let left = try kept.shop.attempt("ps -ef | grep [b]oot").output
        try expect(ended, "it has ended: \(removal.output)\n\(left)")
        XCTAssertEqual(try kept.processes("[p]ython3 .*server.py"), before)
        XCTAssertEqual(try kept.shop.items(), ["kept"])
    }
}
