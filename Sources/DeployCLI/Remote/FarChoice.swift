import DeployCore

/// Where a command runs: here, or on the machine that serves.
struct FarChoice {
    let context: CommandContext

    /// Verbs that are about this machine and what is written here, unless a host is typed.
    private static let here = ["validate", "hooks install"]
    /// What says so besides the flag and the definitions.
    private static let variable = "DEPLOYCTL_HOST"

    /// nil for here.
    ///
    /// - Throws: `.usage` or `.invalidDefinition` when what is named is no host.
    func address() throws(DeployError) -> FarAddress? {
        if let typed = context.invocation.text("host") { return try parse(typed, "--host") }
        guard !Self.here.contains(context.invocation.verb.name) else { return nil }
        if let given = context.variables[Self.variable] {
            return given.isEmpty ? nil : try parse(given, Self.variable)
        }
        let isFarSide = context.ports.files.kind(of: Layout.farMark(context.project)) != nil
        return isFarSide ? nil : try context.definitions.farWords().address
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
