import DeployTestSupport
import Synchronization
import XCTest

@testable import DeployCLI
@testable import DeployCore

/// That a command is its declaration: the table is all that knows of this one.
final class CommandTests: XCTestCase {
    private struct GreetCommand: ProjectCommand {
        let context: CommandContext

        struct Answer: Encodable, Sendable {
            let greeted: String
            @OrNull var reason: String?
        }

        func run() throws(DeployError) -> ExitCode {
            let answer = Answer(greeted: context.invocation.environment ?? "", reason: nil)
            try context.answer(answer) { "Good day, \(answer.greeted), in \(context.project).\n" }
            return .unhealthy
        }
    }

    private static let loud = Flag("loud", "So that everybody hears it")
    private static let greet = Verb(
        "greet kindly", .look, operands: [.environment], summary: "Greet an environment",
        paragraph: "Greets an environment and changes nothing.",
        examples: ["deployctl greet kindly staging", "deployctl greet kindly staging --hushed"],
        flags: [
            loud, Flag("hushed", "So that nobody does").contradicting(loud, because: "ears differ"),
        ],
        exits: [.unhealthy], body: .inProject(GreetCommand.run))

    private let table = CommandTable(
        verbs: [greet, .help, .version, .completion], globalFlags: Flag.everywhere)

    func testACommandHasItsBody() {
        let ran = run("greet kindly staging -C /srv/shop")
        XCTAssertEqual(ran.code, .unhealthy)
        XCTAssertEqual(ran.said, "Good day, staging, in /srv/shop.\n")
    }

    func testACommandAnswersProgramsWithEveryKey() {
        XCTAssertEqual(
            run("greet kindly staging --json").said,
            #"{"greeted":"staging","reason":null,"schema_version":1}"# + "\n")
    }

    func testACommandHasHelpManualAndCompletions() throws {
        let help = run("help greet kindly").said
        for part in [
            "Usage: deployctl greet kindly ENV [FLAGS]", "--hushed", "Exit codes: 0, 1, 2, 19\n",
            "staging --hushed",
        ] {
            XCTAssertTrue(help.contains(part), part)
        }
        XCTAssertTrue(run("help commands").said.contains("greet kindly ENV"))
        XCTAssertTrue(
            ManPageRenderer(table: table, date: "2026-11-21", version: "1").page().contains("greet kindly"))
        for shell in CompletionShell.names {
            XCTAssertTrue(run("completion \(shell)").said.contains("hushed"), shell)
        }
    }

    func testACommandRefusesWhatContradictsItself() {
        let refused = run("greet kindly staging --loud --hushed")
        XCTAssertEqual(refused.code, .usage)
        XCTAssertTrue(refused.said.contains("--hushed contradicts --loud"), refused.said)
        XCTAssertTrue(refused.said.contains("deployctl help greet kindly"), refused.said)
    }

    func testWhatTheProgramSaysOfItselfNeedsNoProject() {
        for line in ["", "help backup", "version --json", "schema", "man", "completion fish", "logs --help"] {
            let ran = run(line, table: .deployctl) { XCTFail("'\(line)' looked for the project \($0)") }
            XCTAssertEqual(ran.code, .done, line)
        }
    }

    func testAnUnknownShellIsRefused() {
        let refused = run("completion tcsh")
        XCTAssertEqual(refused.code, .usage)
        XCTAssertTrue(refused.said.contains("bash, zsh, fish"), refused.said)
    }

    private func run(
        _ line: String, table: CommandTable? = nil, looking: @escaping @Sendable (String) -> Void = { _ in }
    ) -> (code: ExitCode, said: String) {
        let said = Mutex("")
        let stream = OutputStreams.Stream(isTerminal: false) { text in said.withLock { $0 += text } }
        let cli = CLI(
            table: table ?? self.table, streams: OutputStreams(output: stream, errors: stream),
            variables: [:],
            workingFolder: "/", build: Build(commit: nil, schema: 1, sqlite: "3")
        ) { project in
            looking(project)
            return SimulatedMachine().ports()
        }
        let code = cli.run(line.split(separator: " ").map(String.init))
        return (ExitCode(rawValue: code) ?? .unexpected, said.withLock { $0 })
    }
}
