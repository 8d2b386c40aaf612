import DeployTestSupport
import Foundation
import XCTest

/// The page that leads from a laptop to a server does what it says, typed as it stands there.
///
/// One stranger's project; eight of them with `DEPLOYCTL_SOAK=1 swift test --filter TenMinutesTests`.
final class TenMinutesTests: XCTestCase {
    private static let page = "Sources/DeployCore/Documentation.docc/FromALaptopToAServer.md"
    private static let some = ["site"]
    private static let all = some + ["odd", "live", "monorepo", "procfile", "fastapi"]

    func testAStrangersProjectIsServedByARentedMachine() throws {
        let isSoak = ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] == "1"
        for stranger in isSoak ? Self.all : Self.some { try tell(stranger) }
    }

    private func tell(_ stranger: String) throws {
        let began = Date()
        let world = try FreshServer("ten", sources: try sources(stranger), for: self)
        var lines = 0
        for block in try blocks() {
            lines += block.split(separator: "\n").count
            if block == "ssh root@shop.example reboot\n" {
                try world.server.reboot()
                try expectBack(world)
                continue
            }
            let run = try type(block, world)
            for line in run.output.split(separator: "\n") where line.hasPrefix("  deployctl secret set ") {
                lines += 1
                try type(String(line), world)
            }
        }
        try expectRepeatable(world)
        let minutes = Date().timeIntervalSince(began) / 60
        print("\(stranger): \(lines) lines, \(String(format: "%.1f", minutes)) minutes")
    }

    @discardableResult
    private func type(_ block: String, _ world: FreshServer) throws -> ProgramRun {
        try world.runProgram(["bash", "-euo", "pipefail", "-c", block]).expect(0, block)
    }

    /// A keeper starts everything again some moments after the machine answers.
    private func expectBack(_ world: FreshServer) throws {
        var last = ""
        let isBack = eventually(within: 60) {
            let status = try? world.runProgram(["deployctl", "status", "--json"])
            last = status?.output ?? ""
            return last.matches(of: /"state" ?: ?"healthy"/).count == 2
        }
        try expect(isBack, "both environments are back after a reboot: \(last)")
    }

    /// The second time there is nothing to do; what was taken away is named, and given back.
    private func expectRepeatable(_ world: FreshServer) throws {
        let again = ["deployctl", "server", "prepare", "root@shop.example", "--yes"]
        struct Answer: Decodable { let changed: Bool, steps: [Step] }
        struct Step: Decodable { let id: String }
        let idle = try world.runProgram(again + ["--json"]).expect(0).json(Answer.self)
        try expectEqual(idle.changed, false, "the second time nothing is changed")
        try world.server.root("loginctl disable-linger deploy && apt-get remove -y -q zstd")
        let drifted = try world.runProgram(["deployctl", "server", "check", "--json"]).expect(19)
        try expectEqual(drifted.json(Answer.self).steps.map(\.id), ["packages", "linger"], drifted.output)
        try world.runProgram(again).expect(0)
        try world.runProgram(["deployctl", "server", "check"]).expect(0)
    }

    private func sources(_ stranger: String) throws -> String {
        "\(ProjectWorld.package)/Tests/Applications/\(stranger)/one"
    }

    /// Those under the headings that are about a whole way.
    private func blocks() throws -> [String] {
        let text = try String(contentsOfFile: "\(ProjectWorld.package)/\(Self.page)", encoding: .utf8)
        let parts = text.components(separatedBy: "\n## ").filter {
            $0.hasPrefix("Ten minutes") || $0.hasPrefix("Without deployctl here")
        }
        try expectEqual(parts.count, 2, "headings of the page")
        return parts.flatMap { part in
            part.matches(of: #/(?m)^```sh\n(?<text>(?:(?!```).*\n)*)```$/#).map { String($0.output.text) }
        }
    }
}
