import DeployCore

/// What the near side types; help does not list it.
extension Verb {
    static let farGreet = Verb(
        "far-greet", .setUp, operands: [.program.repeating], summary: "Take another machine's request",
        paragraph: "Makes the folder that commits are pushed into, and says which deployctl this is.",
        examples: ["deployctl far-greet -- deployctl/shop"], exits: [.invalidDefinition, .stepFailed],
        body: .relaying { cli, invocation throws(DeployError) in try FarSide(cli, invocation).greet() })

    static let farRun = Verb(
        "far-run", .setUp, operands: [.program.repeating], summary: "Run another machine's request",
        paragraph: "Brings the folder to the commit that was pushed, then runs the request in it.",
        examples: ["deployctl far-run -- deployctl/shop REQUEST"],
        exits: [.invalidDefinition, .stepFailed, .notFound],
        body: .relaying { cli, invocation throws(DeployError) in try FarSide(cli, invocation).run() })

    static let farProgram = Verb(
        "far-program", .setUp, operands: [.program.repeating],
        summary: "Become the program of another machine's request",
        paragraph: "What far-run waits for where a program takes the place of deployctl.",
        examples: ["deployctl far-program -- deployctl/shop REQUEST"],
        exits: [.invalidDefinition, .stepFailed, .notFound],
        body: .relaying { cli, invocation throws(DeployError) in try FarSide(cli, invocation).become() })

    static let farEnding = Verb(
        "far-ending", .setUp, operands: [.program.repeating],
        summary: "Say how another machine's request ended",
        paragraph: "Waits for its end for some seconds; a request that was not begun is withdrawn.",
        examples: ["deployctl far-ending -- deployctl/shop REQUEST"],
        exits: [.invalidDefinition, .stepFailed],
        body: .relaying { cli, invocation throws(DeployError) in try FarSide(cli, invocation).tell() })
}
