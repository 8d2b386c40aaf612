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
        enum Source: Sendable { case operand, flag, variable, definitions(folder: String) }
        let address: FarAddress
        let source: Source

        /// As part of a sentence.
        var place: String {
            switch source {
            case .operand: "the name that was typed"
            case .flag: "the name after --host"
            case .variable: FarChoice.variable
            case .definitions(let folder): "\"host\" in \(folder)"
            }
        }
    }

    /// Verbs that are typed here about another machine, or about what is only here, whatever host is named.
    private static let alwaysHere = ["init", "server prepare", "server check", "candidates"]

    /// nil for here.
    ///
    /// - Throws: `.usage` or `.invalidDefinition` when what is named is no host.
    func choice() throws(DeployError) -> Choice? {
        let verb = context.invocation.verb.name
        if Self.alwaysHere.contains(verb) { return nil }
        if context.invocation.text("host") == nil, Self.here.contains(verb) { return nil }
        return try named()
    }

    /// The machines that do it together; nil where it is done here, or on one machine.
    ///
    /// - Throws: `.invalidDefinition` when what is named is no host.
    func fleet() throws(DeployError) -> Fleet? {
        let verb = context.invocation.verb.name
        guard !Self.alwaysHere.contains(verb), !Self.here.contains(verb) else { return nil }
        return try several()
    }

    /// The machines that definitions name, where nothing else names one.
    private func several() throws(DeployError) -> Fleet? {
        guard context.invocation.text("host") == nil, context.variables[Self.variable] == nil, !isFarSide
        else {
            return nil
        }
        let words = try context.definitions.farWords()
        return Fleet(machines: words.addresses, batch: words.batch)
    }

    private var isFarSide: Bool { context.ports.files.kind(of: Layout.farMark(context.project)) != nil }

    /// A machine that was typed.
    ///
    /// - Throws: `.usage` when it is no host.
    func typed(_ text: String) throws(DeployError) -> Choice {
        Choice(address: try parse(text, "HOST"), source: .operand)
    }

    /// The machine that serves, whatever the command does; nil where none is named.
    ///
    /// - Throws: `.usage` or `.invalidDefinition` when what is named is no host.
    func named() throws(DeployError) -> Choice? {
        if let typed = context.invocation.text("host") {
            return Choice(address: try parse(typed, "--host"), source: .flag)
        }
        if let given = context.variables[Self.variable] {
            return given.isEmpty
                ? nil : Choice(address: try parse(given, Self.variable), source: .variable)
        }
        if let fleet = try several() {
            throw .usage(
                "\(fleet.machines.count) machines are named, and this is about one",
                why: "\"host\" in \(context.definitionsFolder) lists them",
                next: "name one: --host \(fleet.first.text)")
        }
        guard !isFarSide, let address = try context.definitions.farWords().addresses.first else { return nil }
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
