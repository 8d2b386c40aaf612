import DeployCLI
import XCTest

@testable import DeployCore

final class ArgumentParserTests: XCTestCase {
    /// What is accepted: a sentence, a command line, and the answer as `verb operands`.
    private let accepted: [(sentence: String, line: String, answer: String)] = [
        ("no words ask for help", "", "help"),
        ("a verb alone is enough", "staging", "staging"),
        ("a flag takes its value from the next word", "staging --ref main", "staging"),
        ("a flag takes its value after an equals sign", "staging --ref=main", "staging"),
        ("a value may hold an equals sign", "staging --ref=a=b", "staging"),
        ("a verb of two words is one verb", "backup create production", "backup create | production"),
        (
            "flags may stand inside a verb of two words", "backup --json create production",
            "backup create | production"
        ),
        ("global flags may stand before the verb", "-C /srv/shop --json status", "status"),
        ("a verb's flags may stand before the verb", "--release 20261121021530 production", "production"),
        ("a short flag takes an attached value", "history -n5", "history"),
        ("a short flag takes the next word", "history -n 5", "history"),
        ("a short flag takes a value after an equals sign", "history -n=5", "history"),
        ("-n before the verb is a dry run", "-n staging", "staging"),
        ("short flags without values can be bundled", "staging -nv", "staging"),
        ("a bundle may end in a flag with a value", "logs staging -fn5", "logs | staging"),
        ("a bundle may end in a flag and the next word", "logs staging -fn 5", "logs | staging"),
        ("two dashes end the flags", "help -- --json", "help | --json"),
        ("a single dash is a word", "show -", "show | -"),
        ("an operand may be left out", "rollback", "rollback"),
        ("an operand may be given", "rollback previous", "rollback | previous"),
        ("a flag may stand between operands", "logs staging --follow backend", "logs | staging backend"),
        ("an environment by flag leaves the operand free", "logs -e staging backend", "logs | backend"),
        ("a destination is an environment", "restart -d staging", "restart"),
        ("a long destination is an environment", "restart --destination=staging", "restart"),
        ("an unknown environment is not judged here", "status nowhere", "status | nowhere"),
        ("releases is history", "releases", "history"),
        (
            "a rehearsed rollback has the flags of the verb", "plan rollback previous --code-only",
            "plan rollback | previous"
        ),
        ("waiting for a lock may be endless", "staging --lock-wait", "staging"),
        ("endless waiting does not take the next word", "status --lock-wait staging", "status | staging"),
        ("waiting for a lock may be bounded", "staging --lock-wait=2.5", "staging"),
        ("a flag without value may be repeated", "staging -v -v", "staging"),
        ("JSON answers go with plain progress", "staging --json --progress plain", "staging"),
        ("JSON answers go with JSON progress", "staging --json --progress=json", "staging"),
        (
            "skipping the safety backup needs a reason",
            "rollback previous --skip-safety-backup --reason disk", "rollback | previous"
        ),
        ("a key makes a repeat harmless", "staging --idempotency-key abc", "staging"),
        (
            "a person's hold has a message", "lock acquire production -m stocktaking",
            "lock acquire | production"
        ),
        ("locks of all environments can be shown", "lock show", "lock show"),
        ("a service can be restarted alone", "restart production backend", "restart | production backend"),
        ("some backups can be verified", "backup verify production --sample 3", "backup verify | production"),
        ("all backups can be verified", "backup verify production --all", "backup verify | production"),
        (
            "one backup can be verified", "backup verify -e production 20261121021530",
            "backup verify | 20261121021530"
        ),
        ("a shell is an operand", "completion zsh", "completion | zsh"),
        ("a program follows two dashes", "exec staging web -- ls -l", "exec | staging web ls -l"),
        ("all words may follow two dashes", "exec -- staging web ls", "exec | staging web ls"),
        ("help is a verb", "help backup restore", "help | backup restore"),
        ("--help asks for help", "--help", "help"),
        ("-h asks for help", "-h", "help"),
        ("help after a verb explains the verb", "production --help", "help | production"),
        ("help before a verb explains the verb", "--help production", "help | production"),
        ("help wins over wrong flags", "production --nonsense --help", "help | production"),
        ("help wins over wrong operands", "staging a b c -h", "help | staging"),
        ("help wins over contradictions", "rollback --code-only --data-only --help", "help | rollback"),
        ("help in a bundle is help", "staging -nh", "help | staging"),
        ("help of the first word of a verb explains the group", "backup --help", "help | backup"),
        ("help of a verb of two words explains it", "backup create x --help", "help | backup create"),
        ("help of help is the overview", "help --help", "help"),
        ("help of an alias explains the verb", "releases --help", "help | history"),
        ("help after two dashes is a word", "show -- --help", "show | --help"),
        ("--version asks for the version", "--version", "version"),
        ("version wins over the verb", "production --version", "version"),
    ]

    /// What is refused: a sentence, a command line, and a part of what, why or next.
    private let refused: [(sentence: String, line: String, part: String)] = [
        ("an unknown verb is refused", "fly", "there is no command 'fly'"),
        ("the nearest verb is suggested", "stagin", "deployctl help staging"),
        ("swapped letters are forgiven in a suggestion", "hsitory", "'history'"),
        ("the beginning of a verb is suggested", "prod", "'production'"),
        ("the nearest second word is suggested", "backup lst", "'backup list'"),
        ("an unknown second word lists the known ones", "lock zzz", "show, acquire, release"),
        ("half a verb is refused", "backup", "backup needs one more word"),
        ("flags without a verb are refused", "--json", "no command is named"),
        ("an unknown flag is refused", "staging --zzz", "staging does not know --zzz"),
        ("the nearest flag is suggested", "production --relase x", "--release"),
        ("an unknown short flag is refused", "staging -x", "does not know -x"),
        ("an unknown flag in a bundle is named", "staging -nx", "it stands in -nx"),
        ("an unknown flag before the verb is refused", "--zzz staging", "no command knows --zzz"),
        ("another verb's flag is refused", "staging --code-only", "staging does not know --code-only"),
        (
            "another verb's flag before the verb is refused", "--code-only staging",
            "staging does not know --code-only"
        ),
        ("a missing value is refused", "staging --ref", "--ref needs a value"),
        ("a flag is not a value", "staging --ref --json", "--ref needs a value"),
        ("a short flag is not a value", "staging --ref -v", "--ref needs a value"),
        ("an empty value is refused", "staging --ref=", "--ref needs a value"),
        ("a value for a flag without one is refused", "staging --json=yes", "--json takes no value"),
        ("a repeated flag is refused", "staging --ref a --ref b", "--ref is given twice"),
        ("environment and destination are one flag", "restart -e staging -d production", "-d is given twice"),
        ("a repeated short flag is refused", "history -n 1 -n 2", "-n is given twice"),
        ("a count is a number", "history -n many", "a whole number from 1"),
        ("a count is not zero", "history --limit 0", "a whole number from 1"),
        ("a wait is a number", "staging --lock-wait=long", "a number of seconds"),
        ("a wait is not negative", "staging --lock-wait=-1", "a number of seconds"),
        ("an unknown way of progress is refused", "staging --progress loud", "auto, tty, plain, json, quiet"),
        ("code only contradicts data only", "rollback previous --code-only --data-only", "contradicts"),
        ("quiet contradicts verbose", "staging -q -v", "--quiet contradicts --verbose"),
        ("a bundle can contradict itself", "staging -qv", "--quiet contradicts --verbose"),
        (
            "JSON contradicts a live display", "staging --json --progress tty",
            "--json contradicts --progress tty"
        ),
        ("a rehearsal without a dry run is refused", "rollback previous --rehearse", "needs --dry-run"),
        ("going on against a gate needs a reason", "production --override soak", "needs --reason"),
        ("a blank is no reason", "production --override soak --reason=\t", "needs --reason"),
        (
            "skipping the safety backup without a reason is refused",
            "rollback previous --skip-safety-backup", "needs --reason"
        ),
        (
            "some backups contradict one", "backup verify staging previous --sample 2",
            "--sample contradicts TS"
        ),
        (
            "all backups contradict some", "backup verify staging --all --sample 2",
            "--all contradicts --sample"
        ),
        ("no sample is none", "backup verify staging --sample 0", "a whole number from 1"),
        ("all backups contradict one", "backup verify staging previous --all", "--all contradicts TS"),
        ("too many operands are refused", "staging now", "staging has no use for 'now'"),
        ("a missing operand is refused", "show", "show needs TS"),
        ("a missing environment is refused", "logs", "logs needs ENV"),
        ("a missing second operand is refused", "backup restore staging", "backup restore needs TS"),
        ("an operand beside the flag is too many", "restart -e staging backend extra", "no use for 'extra'"),
        ("a verb is not known by its end", "duction", "there is no command"),
        ("a program is no service", "exec staging -- ls", "exec needs SERVICE before --"),
    ]

    func testAcceptedLines() throws {
        for (sentence, line, answer) in accepted {
            do {
                let invocation = try ArgumentParser().parse(words(line))
                let verb = invocation.verb.name
                let operands = invocation.operands.joined(separator: " ")
                XCTAssertEqual(operands.isEmpty ? verb : "\(verb) | \(operands)", answer, sentence)
            } catch {
                XCTFail("\(sentence): \(error)")
            }
        }
    }

    func testRefusedLines() {
        for (sentence, line, part) in refused {
            XCTAssertThrowsError(try ArgumentParser().parse(words(line)), sentence) { error in
                guard let error = error as? DeployError else { return XCTFail("\(sentence): \(error)") }
                XCTAssertEqual(error.code, .usage, sentence)
                XCTAssertTrue(
                    "\(error.what)\n\(error.why)\n\(error.next)".contains(part), "\(sentence): \(error)")
            }
        }
    }

    func testTypedValues() throws {
        let line =
            "-C /srv --environments defs --json -q --no-color --lock-wait=3 --reason why --idempotency-key k "
        let parsed = try ArgumentParser().parse(words(line + "logs -e staging backend -fn 7 --since 2h"))
        XCTAssertEqual(parsed.environment, "staging")
        XCTAssertEqual(parsed.service, "backend")
        XCTAssertEqual(parsed.count("lines"), 7)
        XCTAssertEqual(parsed.text("since"), "2h")
        XCTAssertTrue(parsed.has("follow"))
        XCTAssertFalse(parsed.has("version"))
        let globals = parsed.globals
        XCTAssertEqual(globals.project, "/srv")
        XCTAssertEqual(globals.environments, "defs")
        XCTAssertTrue(!globals.dryRun && globals.json && globals.noColor)
        XCTAssertEqual(globals.verbosity, .quiet)
        XCTAssertEqual(globals.progress, .quiet)
        XCTAssertEqual(globals.lockWait, .seconds(3))
        XCTAssertEqual(globals.reason, "why")
        XCTAssertEqual(globals.idempotencyKey, "k")
    }

    func testACountIsNotADryRun() throws {
        XCTAssertFalse(try ArgumentParser().parse(words("history -n 5")).globals.dryRun)
        XCTAssertTrue(try ArgumentParser().parse(words("staging -n")).globals.dryRun)
    }

    func testEveryVerbParsesItsOwnExamples() throws {
        for verb in CommandTable.deployctl.verbs {
            XCTAssertGreaterThanOrEqual(verb.examples.count, 2, verb.name)
            for example in verb.examples {
                let parsed = try ArgumentParser().parse(
                    words(example.replacingOccurrences(of: "\"wrong branch\"", with: "w")).dropFirst().map {
                        $0
                    })
                XCTAssertEqual(parsed.verb.path, verb.path, example)
            }
        }
    }

    func testAFlagTakesAValueInEveryVerbOrInNone() {
        var shapes: [String: Bool] = [:]
        for flag in CommandTable.deployctl.globalFlags + CommandTable.deployctl.verbs.flatMap(\.flags) {
            XCTAssertEqual(shapes[flag.key] ?? flag.takesValue, flag.takesValue, flag.key)
            shapes[flag.key] = flag.takesValue
        }
    }

    private func words(_ line: String) -> [String] { line.split(separator: " ").map(String.init) }
}
