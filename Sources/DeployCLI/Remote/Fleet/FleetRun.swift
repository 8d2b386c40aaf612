import DeployCore

/// A command line for several machines.
struct FleetRun {
    let context: CommandContext
    let table: CommandTable
    let fleet: Fleet

    private var call: FleetCall { FleetCall(context: context, table: table) }

    /// How a command is meant for several machines.
    enum Manner: Hashable {
        /// On one screen.
        case status
        /// The same release everywhere.
        case change
        /// About the data, which the first keeps, or a program that is run once.
        case first
        /// About what is different on each, so that one has to be named.
        case named
        /// One after the other.
        case each
    }

    func run() throws(DeployError) -> Int32 {
        switch Self.manner(context.invocation) {
        case .status: try FleetStatus(context: context, call: call, fleet: fleet).run()
        case .change: try FleetChange(context: context, call: call, fleet: fleet).run()
        case .first: call.lend(call.typed(), to: fleet.first)
        case .named: throw unnamed
        case .each: try FleetEach(context: context, call: call, fleet: fleet).run()
        }
    }

    private static let about = ["exec", "db", "database", "backup", "candidates"]
    private static let different = ["resume", "abort", "kit", "adopt", "gate-keeper"]
    private static let changing = ["staging", "production", "rollback"]

    static func manner(_ invocation: Invocation) -> Manner {
        let verb = invocation.verb
        let word = verb.path.first ?? ""
        if verb.name == "status" { return invocation.has("watch") ? .named : .status }
        if invocation.has("detach") || invocation.has("follow") { return .named }
        if about.contains(word) || invocation.has("rehearse") { return .first }
        if different.contains(word) || ["secret set", "secret remove"].contains(verb.name) { return .named }
        guard changing.contains(verb.name), !invocation.looksOnly else { return .each }
        return verb.name == "rollback" && invocation.timestamp == nil ? .first : .change
    }

    private var unnamed: DeployError {
        let words = context.invocation.recorded.map(ShellText.quoted).joined(separator: " ")
        return .usage(
            "\(context.invocation.verb.name) is for one machine, and \(fleet.machines.count) serve",
            why: "\"host\" in \(context.definitionsFolder) lists them; nothing was done",
            next: "name one: deployctl \(words) --host \(fleet.first.text)")
    }
}
