import DeployCore
import FoundationEssentials

/// What the near side types; help does not list it.
extension Verb {
    static let farGreet = Verb(
        "far-greet", .setUp, operands: [.program.repeating], summary: "Answer another machine's greeting",
        paragraph: "Makes the folder that commits are pushed into, and says which deployctl this is.",
        examples: ["deployctl far-greet -- deployctl/shop"], exits: [.invalidDefinition, .stepFailed],
        body: .relaying { cli, invocation throws(DeployError) in try FarSide(cli).greet(invocation.program) })

    static let farRun = Verb(
        "far-run", .setUp, operands: [.program.repeating], summary: "Run another machine's command line",
        paragraph: "Brings the folder to the commit that was pushed, then runs the command line in it.",
        examples: ["deployctl far-run -- REQUEST status"], exits: [.invalidDefinition, .stepFailed],
        body: .relaying { cli, invocation throws(DeployError) in try FarSide(cli).run(invocation.program) })
}

/// A command line that was typed on another machine.
struct FarSide {
    let cli: CLI

    init(_ cli: CLI) { self.cli = cli }

    func greet(_ words: [String]) throws(DeployError) -> ExitCode {
        guard let folder = try decoded(words).first else { throw unreadable }
        let place = FarFolder(cli.makePorts(home), folder: folder, home: home)
        let commit = try place.prepare()
        let greeting = FarGreeting(
            version: CLI.version, schema: cli.build.schema, folder: place.path, commit: commit)
        cli.streams.output.write(try JSON.text(greeting) + "\n")
        return .done
    }

    func run(_ words: [String]) throws(DeployError) -> ExitCode {
        let words = try decoded(words)
        guard let first = words.first,
            let request = try? JSON.value(FarRequest.self, from: Data(first.utf8), named: "the request")
        else { throw unreadable }
        let path = FarFolder(cli.makePorts(home), folder: request.folder, home: home).project(request.prefix)
        let ports = cli.makePorts(path)
        if request.hasLifeline { ports.interruption.followLifeline() }
        try FarFolder(ports, folder: request.folder, home: home).bring(request.commit, prefix: request.prefix)
        let inner = CLI(
            table: cli.table, streams: cli.streams, variables: variables(request),
            workingFolder: cli.workingFolder, build: cli.build, isFarSide: true
        ) { _ in ports }
        return inner.run(["--project=\(path)"] + words.dropFirst())
    }

    private var home: String { cli.variables["HOME"] ?? cli.workingFolder }

    private func variables(_ request: FarRequest) -> [String: String] {
        var variables = cli.variables
        variables["DEPLOYCTL_PERFORMER"] = request.performer
        switch request.trigger {
        case .hook: variables["DEPLOYCTL_TRIGGER"] = Trigger.hook.rawValue
        case .ci: variables["CI"] = "true"
        default: break
        }
        return variables
    }

    private func decoded(_ words: [String]) throws(DeployError) -> [String] {
        var found: [String] = []
        for word in words {
            guard let text = FarWord.decoded(word) else { throw unreadable }
            found.append(text)
        }
        return found
    }

    private var unreadable: DeployError {
        .usage(
            "this is no line of another deployctl", why: "it is written by deployctl --host",
            next: "deployctl help")
    }
}
