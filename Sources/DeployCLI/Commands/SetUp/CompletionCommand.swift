import DeployCore

extension Verb {
    static let completion = Verb(
        "completion", .setUp, operands: [.shell],
        summary: "Print a completion script",
        paragraph:
            "Prints the completion script for bash, zsh or fish, to be sourced by the shell at start.",
        examples: ["deployctl completion bash", "deployctl completion fish"],
        body: .printing { cli, invocation throws(DeployError) in
            let name = invocation.shell ?? ""
            guard let shell = CompletionShell(rawValue: name) else {
                throw .usage(
                    "there is no completion for '\(name)'",
                    why: "it is one of \(CompletionShell.names.joined(separator: ", "))",
                    verb: invocation.verb)
            }
            return CompletionRenderer(table: cli.table).script(shell)
        })
}
