import DeployTestSupport
import Foundation
import XCTest

/// The page from a laptop to a server, typed line by line for one project, and what visitors get meanwhile.
struct RentedStory {
    private static let page = "Sources/DeployCore/Documentation.docc/FromALaptopToAServer.md"

    private let world: FreshServer
    private let stranger: Stranger
    private let front: ForeignFront
    private var lines = 0
    private var promotions = 0
    private let began = Date()
    private var firstServed = 0.0
    private var ended = 0.0

    init(_ world: FreshServer, _ stranger: Stranger) {
        (self.world, self.stranger) = (world, stranger)
        front = ForeignFront(
            stranger: stranger, server: world.server, ports: ["staging": 8080, "production": 8081])
    }

    /// Lines that were typed, and minutes since the first of them.
    var row: String {
        let minutes = [firstServed, ended].map { String(format: "%.1f min", $0 / 60) }
        return stranger.folder.padding(toLength: 12, withPad: " ", startingAt: 0)
            + "\(lines)".padding(toLength: 7, withPad: " ", startingAt: 0)
            + minutes[0].padding(toLength: 15, withPad: " ", startingAt: 0) + minutes[1]
    }

    mutating func tell() throws {
        for line in try typedLines() {
            lines += 1
            switch line {
            case "ssh root@shop.example reboot":
                try world.server.reboot()
                try expectBack()
            case _ where line.hasPrefix("git commit"):
                try develop()
                try type(line)
            case "deployctl production --confirm CONFIRM":
                try type(line)
                try expectPromoted()
            case _ where line.hasPrefix("deployctl rollback"):
                try type(line)
                try front.expectServed("one", goneBack())
            case _ where line.hasPrefix("deployctl init --yes"):
                let run = try type(line)
                for line in run.output.split(separator: "\n") where line.hasPrefix("  deployctl secret set ")
                {
                    secrets.append(String(line))
                }
                try expectOwnFilesUntouched()
            case _ where line.hasPrefix("deployctl server prepare"):
                try type(line)
                lines += secrets.count
                for line in secrets { try type(line) }
            default: try type(line)
            }
        }
        ended = Date().timeIntervalSince(began)
        try expectRepeatable()
    }

    /// What `init` leaves to be typed once the server is there.
    private var secrets: [String] = []

    @discardableResult
    private func type(_ line: String) throws -> ProgramRun {
        try world.runProgram(["bash", "-euo", "pipefail", "-c", line]).expect(0, line)
    }

    /// Nothing of theirs is changed so that it can be deployed.
    private func expectOwnFilesUntouched() throws {
        let status = try type("git status --porcelain --untracked-files=all").output
        let strange = status.split(separator: "\n").filter {
            !$0.hasSuffix(" .gitignore") && !$0.hasPrefix("?? environments/")
        }
        try expectEqual(strange, [], "init writes definitions alone")
    }

    /// They go on with their own work.
    private func develop() throws {
        let two = "\(ProjectWorld.package)/Tests/Applications/\(stranger.folder)/two"
        try type("cp -r '\(two)/.' . && git add --all")
    }

    private mutating func expectPromoted() throws {
        promotions += 1
        guard promotions == 1 else {
            try front.expectServed("two", ["first"])
            return try front.post("second")
        }
        try front.expectServed("one", [])
        firstServed = Date().timeIntervalSince(began)
        try front.post("first")
    }

    /// What `init` found to be data goes back with the code; a cache, say, stays as it is.
    private func goneBack() throws -> [String] {
        let base = try world.read("environments/base.json")
        return base.contains("\"backup\"") || base.contains("\"database\"") ? ["first"] : ["first", "second"]
    }

    /// A keeper starts everything again some moments after the machine answers: the same releases and data.
    private func expectBack() throws {
        try front.expectServed("one", goneBack(), within: 60)
        try front.expectServed("two", [], in: "staging", within: 60)
        var last = ""
        let isBack = eventually(within: 60) {
            let status = try? world.runProgram(["deployctl", "status", "--json"])
            last = status?.output ?? ""
            return last.matches(of: /"state" ?: ?"healthy"/).count == 2
        }
        try expect(isBack, "both environments are back after a reboot: \(last)")
    }

    /// The second time there is nothing to do; what was taken away is named, and given back.
    private func expectRepeatable() throws {
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

    /// Those under the headings that are about a whole way.
    private func typedLines() throws -> [String] {
        let text = try String(contentsOfFile: "\(ProjectWorld.package)/\(Self.page)", encoding: .utf8)
        let parts = text.components(separatedBy: "\n## ").filter {
            $0.hasPrefix("Ten minutes") || $0.hasPrefix("Without deployctl here")
        }
        try expectEqual(parts.count, 2, "headings of the page")
        return parts.flatMap { part in
            part.matches(of: #/(?m)^```sh\n(?<text>(?:(?!```).*\n)*)```$/#).flatMap {
                $0.output.text.split(separator: "\n").map(String.init)
            }
        }
    }
}
