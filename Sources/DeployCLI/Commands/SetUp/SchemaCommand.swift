import DeployCore

extension Verb {
    static let schema = Verb(
        "schema", .setUp, summary: "Print the JSON Schema of the definitions",
        paragraph:
            "Prints the JSON Schema of environments/*.json, for editors that complete and check keys.",
        examples: ["deployctl schema", "deployctl schema --quiet"],
        body: .printing { _, _ in DefinitionSchema.json })
}
