import DeployCore

extension Verb {
    static let help = Verb(
        "help", .setUp, operands: [.command.repeating], summary: "Explain a command",
        paragraph: """
            Lists the commands, or explains one in full with its flags and examples. `help commands`, `help flags` and \
            `help codes` list all of each.
            """,
        examples: ["deployctl help", "deployctl help backup restore"],
        body: .printing { cli, invocation throws(DeployError) in
            let (page, output) = (
                try HelpRenderer(table: cli.table).page(for: invocation.topic), cli.streams.output
            )
            return Wrap.block(page, width: output.isTerminal ? output.size().columns : nil)
        })
}
