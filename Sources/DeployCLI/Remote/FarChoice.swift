import DeployCore

/// Where a command runs: here, or on the machine that serves.
struct FarChoice {
    let context: CommandContext

    /// Verbs that are about this machine and what is written here, unless a host is typed.
    private static let here = ["validate", "hooks install"]
    /// What says so besides the flag and the definitions.
    private static let variable = "DEPLOYCTL_HOST"

    /// A machine, and who named it.
    struct Choice: Sendable {
        enum Source: Sendable { case flag, variable, definitions(folder: String) }
        let address: FarAddress
        let source: Source

        /// As part of a sentence.
        var place: String {
            switch source {
            case .flag: "the name after --host"
            case .variable: FarChoice.variable
            case .definitions(let folder): "\"host\" in \(folder)"
            }
        }
    }

    /// nil for here.
    ///
    /// - Throws: `.usage` or `.invalidDefinition` when what is named is no host.
    func choice() throws(DeployError) -> Choice? {
        if let typed = context.invocation.text("host") {
            return Choice(address: try parse(typed, "--host"), source: .flag)
        }
        guard !Self.here.contains(context.invocation.verb.name) else { return nil }
        if let given = context.variables[Self.variable] {
            return given.isEmpty
                ? nil : Choice(address: try parse(given, Self.variable), source: .variable)
        }
        let isFarSide = context.ports.files.kind(of: Layout.farMark(context.project)) != nil
        guard !isFarSide, let address = try context.definitions.farWords().address else { return nil }
        return Choice(address: address, source: .definitions(folder: context.definitionsFolder))
    }

    private func parse(_ text: String, _ source: String) throws(DeployError) -> FarAddress {
        guard let address = FarAddress(text) else {
            throw .usage(
                "\(source) cannot be '\(InertText.line(text))'",
                why:
                    "a host is written as ssh knows it, such as deploy@shop.example, or deploy@shop.example:/srv/shop"
            )
        }
        return address
    }
}
