import DeployCore

/// How a server and its plan are shown.
struct ServerView {
    private let place: ServerPlace
    private let server: ServerPlan
    private let context: CommandContext

    init(_ place: ServerPlace, _ plan: ServerPlan, _ context: CommandContext) {
        (self.place, server, self.context) = (place, plan, context)
    }

    private var steps: [ServerStep] { server.steps }

    var plan: String {
        let style = context.invocation.globals.dryRun ? context.style : context.errorStyle
        let head = "\(place.machine): \(server.system), \(server.access)\nto be changed there:\n"
        let globals = context.invocation.globals
        let isWhole = globals.dryRun || globals.verbosity == .verbose
        let lines = steps.enumerated().map { number, step in
            line(step.title, after: number + 1 < 10 ? "  \(number + 1)  " : " \(number + 1)  ", style)
                + (isWhole
                    ? server.commands(of: step).map { line("$ \($0)", after: "       ", style) }.joined()
                    : "")
        }
        let lacking = server.items.compactMap { item in item.remedy.map { "\(item.found): \($0)" } }
        return Wrap.block(head, width: style.width) + lines.joined() + notes(style)
            + lacking.map { line($0, after: "by hand: ", style) }.joined()
    }

    private func line(_ text: String, after start: String, _ style: Style) -> String {
        Wrap.hanging(InertText.line(text), after: start, width: style.width) + "\n"
    }

    private func notes(_ style: Style) -> String {
        server.notes.map { line($0, after: "note: ", style) }.joined()
    }

    func began(_ number: Int, _ step: ServerStep) -> String {
        line(step.title, after: "\(number)/\(steps.count)  ", context.errorStyle)
    }

    func ended(_ seconds: Double) -> String {
        line("done in \(HumanText.duration(seconds))", after: "     ", context.errorStyle)
    }

    var nothing: String { "\(place.machine) is as this project needs it: nothing to do.\n" }
    var ready: String { "\(place.machine) is ready for this project.\n" }

    /// What to type from then on.
    var ending: String {
        let host = context.isNamed(place.address) ? "" : " --host \(place.address)"
        let boot = server.bootWaits ? "commit environments/, then: deployctl boot install" + host + "\n" : ""
        let secrets =
            server.asksSecrets ? "secrets that are to be set there: deployctl secret list" + host + "\n" : ""
        return notes(context.style) + secrets + boot + "next: deployctl staging" + host + "\n"
    }

    var checks: String {
        var table = TextTable()
        for item in server.items { table.add(item.isThere ? "passed" : "refused", item.id, item.found) }
        let rows = zip(server.items, table.lines(width: context.style.width)).map { item, line in
            guard !item.isThere else { return line + "\n" }
            let remedy = item.remedy.map { self.line($0, after: "         → ", context.style) } ?? ""
            return context.style.bad(line) + "\n" + remedy
        }.joined()
        let next = steps.isEmpty ? "" : "next: deployctl server prepare \(place.target)\n"
        return rows + notes(context.style) + next
    }
}

extension CommandContext {
    /// Whether commands go to that host without its being typed.
    fileprivate func isNamed(_ address: String) -> Bool {
        guard invocation.text("host") == nil, let named = try? FarChoice(context: self).named() else {
            return false
        }
        return named.address.text == address
    }
}

/// `server prepare` and `server check` for programs.
struct ServerAnswer: Encodable, Sendable {
    struct Check: Encodable, Sendable {
        let id, verdict, measured, next: String
    }
    struct Step: Encodable, Sendable {
        let id, title: String
        let commands: [[String]]
    }

    let host, account: String
    let checks: [Check]
    /// What was done, or with `--dry-run` would be.
    let steps: [Step]
    let changed: Bool
    let notes: [String]

    init(_ place: ServerPlace, _ plan: ServerPlan, done: [ServerStep]) {
        (host, account, notes) = (place.address, place.account, plan.notes)
        checks = plan.items.map {
            Check(
                id: $0.id, verdict: $0.isThere ? "passed" : "refused", measured: $0.found,
                next: $0.remedy ?? ($0.isThere ? "" : "deployctl server prepare \(place.target)"))
        }
        steps = (done.isEmpty ? plan.steps : done).map {
            Step(id: $0.id, title: $0.title, commands: plan.commands(of: $0).map(\.vector))
        }
        changed = !done.isEmpty
    }
}
