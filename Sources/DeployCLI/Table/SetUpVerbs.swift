import DeployCore

extension Verb {
    static let settingUp: [Verb] = [
        hooks,
        Verb(
            "schema", .setUp, summary: "Print the JSON Schema of the definitions",
            paragraph:
                "Prints the JSON Schema of environments/*.json, for editors that complete and check keys.",
            examples: ["deployctl schema", "deployctl schema --quiet"]),
        Verb(
            "completion", .setUp, operands: [Operand(.shell, .required)],
            summary: "Print a completion script",
            paragraph:
                "Prints the completion script for bash, zsh or fish, to be sourced by the shell at start.",
            examples: ["deployctl completion bash", "deployctl completion fish"]),
        Verb(
            "man", .setUp, summary: "Print the manual page",
            paragraph:
                "Prints the manual page as roff text, to be read with `man -l` or installed in section 1.",
            examples: ["deployctl man", "deployctl man --quiet"]),
        Verb(
            "help", .setUp, operands: [Operand(.command, .repeating)], summary: "Explain a command",
            paragraph: "Lists the commands, or explains one in full with its flags, examples and exit codes.",
            examples: ["deployctl help", "deployctl help backup restore"]),
        Verb(
            "version", .setUp, summary: "Print the version",
            paragraph: "Prints the version of deployctl and of the definitions' schema.",
            examples: ["deployctl version", "deployctl version --json"]),
    ]
}
