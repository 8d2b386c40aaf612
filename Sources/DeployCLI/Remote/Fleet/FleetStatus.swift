import DeployCore

/// All machines on one screen.
struct FleetStatus {
    let context: CommandContext
    let call: FleetCall
    let fleet: Fleet

    private struct Told: Decodable { let environments: [FleetLook.Place] }

    /// Machines, and what is wrong with all of them together.
    struct Answer: Encodable, Sendable {
        let machines: [FleetAnswer]
        /// One sentence for each environment in which not all machines serve the same commit.
        let differences: [String]
    }

    /// 19 where one of them is not well or does not answer, or where they serve different commits.
    func run() throws(DeployError) -> Int32 {
        let answers = call.ask(call.typed(), of: fleet.machines)
        let told = answers.map { $0.read(Told.self)?.environments ?? [] }
        let names = told.flatMap { $0.map(\.name) }.reduce(into: [String]()) { names, name in
            if !names.contains(where: { $0 == name }) { names.append(name) }
        }
        let differences = names.compactMap { Self.difference($0, told.flatMap(\.self)) }
        try context.answer(Answer(machines: answers, differences: differences)) {
            text(answers, told, names, differences)
        }
        let isWell = answers.allSatisfy { $0.exit == 0 } && differences.isEmpty
        return (isWell ? ExitCode.done : .unhealthy).rawValue
    }

    private static func difference(_ name: String, _ places: [FleetLook.Place]) -> String? {
        let commits = Set(
            places.filter { $0.name == name }.map { $0.commit.map { String($0.prefix(8)) } ?? "nothing" })
        return commits.count > 1
            ? "\(name) is not the same everywhere: \(commits.sorted().joined(separator: ", "))" : nil
    }

    private func text(
        _ answers: [FleetAnswer], _ told: [[FleetLook.Place]], _ names: [String], _ differences: [String]
    ) -> String {
        let style = context.styleNow
        var blocks = names.map { name in
            var table = TextTable(indent: "  ")
            for (answer, places) in zip(answers, told) {
                guard let place = places.first(where: { $0.name == name }) else { continue }
                let serves = place.release.map { "\($0) (\(place.commit?.prefix(8) ?? ""))" } ?? ""
                table.add([answer.host, place.state, serves])
                for problem in place.problems { table.add(["", "problem", problem]) }
            }
            return ([style.bold(name)] + table.lines(width: style.width)).joined(separator: "\n")
        }
        let silent = answers.filter { $0.failure != nil }
        if !silent.isEmpty {
            var table = TextTable(indent: "  ")
            for answer in silent { table.add([answer.host, answer.failure?.what ?? ""]) }
            blocks.append(
                ([style.bold("no answer")] + table.lines(width: style.width)).joined(separator: "\n"))
        }
        blocks += differences.map { style.bad(InertText.line($0)) }
        let unwell = answers.filter { $0.exit != 0 }
        if let one = unwell.first {
            blocks.append("next: deployctl status --host \(InertText.line(one.host))")
        } else if let name = names.first(where: { Self.difference($0, told.flatMap(\.self)) != nil }) {
            blocks.append("next: deployctl \(name)")
        }
        return blocks.joined(separator: "\n\n") + "\n"
    }
}
