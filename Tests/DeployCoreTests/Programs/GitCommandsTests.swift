import DeployTestSupport
import XCTest

@testable import DeployCore

/// What git is told, and what its answers mean.
final class GitCommandsTests: XCTestCase {
    func testOnlyAFilterOfTheRepositoryIsForeign() {
        func foreign(_ output: String, _ code: Int32 = 0) -> [String]? {
            GitCommands.foreignFilters(CommandResult(.exited(code), output: output))
        }
        XCTAssertEqual(foreign("", 1), [])
        XCTAssertEqual(foreign("global\0filter.lfs.smudge\0system\0filter.lfs.clean\0"), [])
        XCTAssertEqual(foreign("local\0filter.a.b=c.process\0local\0filter.a.b=c.required\0"), ["a.b=c"])
        XCTAssertEqual(foreign("worktree\0filter.x.smudge\0global\0filter.y.smudge\0"), ["x"])
        XCTAssertNil(foreign("", 128), "git did not say")
        XCTAssertNil(foreign("local\0filter.\u{FFFD}.smudge\0"), "a name that cannot be given back")
        XCTAssertNil(foreign("local\0"))
    }

    func testAForeignFilterHasNoProgramAndIsRequired() {
        let command = GitCommands(repository: "/srv/shop").archive("c0ffee", to: "/tmp/x.tar")
        let variables = GitCommands.request(command, without: ["x"], exactly: true).environment
        let count = Int(variables["GIT_CONFIG_COUNT"] ?? "") ?? 0
        let settings = (0..<count).map {
            "\(variables["GIT_CONFIG_KEY_\($0)"] ?? "?")=\(variables["GIT_CONFIG_VALUE_\($0)"] ?? "?")"
        }
        for wanted in [
            "filter.x.clean=", "filter.x.smudge=", "filter.x.process=", "filter.x.required=true",
            "core.attributesFile=/dev/null", "gpg.program=false",
        ] {
            XCTAssertTrue(settings.contains(wanted), "\(wanted) in \(settings)")
        }
        XCTAssertEqual(variables["GIT_ALLOW_PROTOCOL"], "none")
    }

    func testWhatIsPushedIntoABareRepositoryAsARemotesIsNoBranch() throws {
        for (isBare, asks) in [("true\n", false), ("false\n", true), ("", false)] {
            let words = SourceFacts.branchesRequest(
                GitCommands(repository: "/srv/shop"), containing: "c0ffee",
                isBare: CommandResult(.exited(0), output: isBare),
                remotes: CommandResult(.exited(0), output: "origin\n"), isFar: false
            ).command.arguments
            XCTAssertTrue(words.contains("refs/heads"))
            XCTAssertEqual(words.contains("refs/remotes/origin"), asks, isBare)
        }
    }

    func testWhatAQuestionDependsOnIsAskedBeforeItAndInTheSameWave() {
        let commands = FakeCommandRunner()
        commands.answer(
            where: { $0.command.arguments.last == "remote" },
            with: CommandResult(.exited(0), output: "mirror\n"))
        commands.answer(
            where: { $0.command.arguments.last == "refs/remotes/mirror" },
            with: CommandResult(.exited(0), output: "mirror/main\n"))
        var ports = SimulatedMachine().ports()
        ports.commands = commands
        let layout = Layout(project: "/srv/shop", environment: Environment(name: "staging", project: "shop"))
        let source = SourceFacts(Site(ports: ports, layout: layout))
        var (wave, answer) = (ProbeWave(), "")
        wave.ask(source.remoteBranchesQuestion(containing: "c0ffee")) { answer = $0.result.output }
        XCTAssertEqual(commands.requests.count, 0, "nothing is asked before the wave")
        wave.run(on: commands) {}
        XCTAssertEqual(answer, "mirror/main\n")
    }

    func testOnlyTheProjectsOwnRemoteCounts() {
        let cases: [(remotes: String, own: String)] = [
            ("origin\n", "origin"), ("contributor\norigin\n", "origin"), ("upstream\n", "upstream"),
            ("a\nb\n", "origin"), ("", "origin"),
        ]
        for (remotes, own) in cases {
            XCTAssertEqual(SourceFacts.ownRemote(CommandResult(.exited(0), output: remotes)), own, remotes)
        }
    }

    func testTagsAreNoBranches() {
        let output = """
            refs/heads/main
            refs/heads/release/7
            refs/remotes/origin/HEAD
            refs/remotes/origin/main
            refs/remotes/origin/stable/1
            refs/tags/stable/2
            """
        XCTAssertEqual(
            SourceFacts.branches(CommandResult(.exited(0), output: output)),
            ["main", "release/7", "stable/1"])
        XCTAssertNil(SourceFacts.branches(CommandResult(.exited(128))))
    }
}
