import DeployCore

/// What each of several machines is to run, so that all of them serve the same commit.
struct FleetCourse: Sendable {
    struct Move: Sendable {
        let machine: FarAddress
        /// The command line there, without its confirmation.
        let words: [String]
        /// By which the plan that was shown is confirmed; nil where it says none.
        var planID: String?
        var isNeeded = true
    }

    let environment: String
    /// What all of them serve afterwards; nil where only data goes back.
    let commit: String?
    /// Whether the first brings older data, which the others must not write to meanwhile.
    let movesData: Bool
    var moves: [Move]

    func moves(of group: [FarAddress]) -> [Move] {
        moves.filter { move in move.isNeeded && group.contains { $0 == move.machine } }
    }
}

/// Finds out what each machine is to run.
struct FleetNavigator {
    let context: CommandContext
    let call: FleetCall
    let fleet: Fleet

    private var look: FleetLook { FleetLook(call: call) }
    private var invocation: Invocation { context.invocation }
    /// What an answer or a time is for, and no plan.
    private var words: [String] { call.typed(without: ["confirm", "json"]) }

    var environment: String {
        ["staging", "production"].first { $0 == invocation.verb.name } ?? invocation.environmentMeant
    }

    /// - Throws: where one of them cannot take part; nothing was changed on any.
    func course() throws(DeployError) -> FleetCourse {
        switch invocation.verb.name {
        case "staging": try build()
        case "production": try promotion()
        default: try wayBack()
        }
    }

    /// The same commit, even where a name leads to another one meanwhile.
    private func build() throws(DeployError) -> FleetCourse {
        let commit = try CommitTransfer(context.workspace).load(invocation.text("ref") ?? "HEAD").commit
        let words = call.typed(without: ["ref", "json"]) + ["--ref=\(commit)"]
        return FleetCourse(
            environment: environment, commit: commit, movesData: false,
            moves: fleet.machines.map { .init(machine: $0, words: words) })
    }

    private func promotion() throws(DeployError) -> FleetCourse {
        let source = try context.definitions.load(environment).promotion?.from ?? "staging"
        let commit = try promoted(from: source)
        var moves: [FleetCourse.Move] = []
        for machine in fleet.machines {
            guard invocation.has("release"), machine != fleet.first else {
                moves.append(.init(machine: machine, words: words))
                continue
            }
            let release = try release(of: commit, in: source, on: machine)
            let own = call.typed(without: ["confirm", "json", "release"])
            moves.append(.init(machine: machine, words: own + ["--release=\(release)"]))
        }
        return FleetCourse(environment: environment, commit: commit, movesData: false, moves: moves)
    }

    private func promoted(from source: String) throws(DeployError) -> String {
        if let release = invocation.text("release") {
            guard let commit = try look.commit(of: release, in: source, on: fleet.first) else {
                throw unknown(release, on: fleet.first, source)
            }
            return commit
        }
        let places = try look.places(source, on: fleet.machines)
        let commits = Set(fleet.machines.map { places[$0]?.commit ?? "nothing" })
        if let commit = commits.first, commits.count == 1, commit != "nothing" { return commit }
        let told = fleet.machines.map { "\($0.text): \(places[$0]?.commit?.prefix(12) ?? "nothing")" }
        throw DeployError(
            .gateRefused, what: "\(source) is not the same on all machines",
            why: told.joined(separator: "\n") + "\nnothing was changed", next: "deployctl \(source)")
    }

    private func wayBack() throws(DeployError) -> FleetCourse {
        let first = call.ask(["plan"] + words, of: [fleet.first])[0]
        guard let release = first.read(Told.self)?.release else {
            throw first.failure ?? unknown(invocation.timestamp ?? "", on: fleet.first, environment)
        }
        guard let commit = try look.commit(of: release, in: environment, on: fleet.first) else {
            throw unknown(release, on: fleet.first, environment)
        }
        let keepsData = try context.definitions.load(environment).keepsData
        let isOfData = invocation.has("data-only")
        var moves = [FleetCourse.Move(machine: fleet.first, words: words)]
        for machine in fleet.others where !isOfData {
            let release = try self.release(of: commit, in: environment, on: machine)
            let reason = context.invocation.globals.reason.map { ["--reason=\($0)"] } ?? []
            moves.append(
                .init(
                    machine: machine,
                    words: ["rollback", "--environment=\(environment)", "--code-only"] + reason + [
                        "--", release,
                    ]))
        }
        return FleetCourse(
            environment: environment, commit: isOfData ? nil : commit,
            movesData: keepsData && !invocation.has("code-only"), moves: moves)
    }

    private struct Told: Decodable { let release: String? }

    private func release(of commit: String, in environment: String, on machine: FarAddress)
        throws(DeployError) -> String
    {
        if let found = try look.release(of: commit, in: environment, on: machine) { return found }
        throw unknown("of commit \(commit.prefix(12))", on: machine, environment)
    }

    private func unknown(_ release: String, on machine: FarAddress, _ environment: String) -> DeployError {
        DeployError(
            .notFound, what: "\(machine.text) has no release \(Shown.text(release))",
            why: "\(environment) never served it there; nothing was changed on any machine",
            next: "deployctl history \(environment) --host \(machine.text)")
    }
}
