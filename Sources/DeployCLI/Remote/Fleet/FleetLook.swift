import DeployCore

/// What several machines serve, as each of them says.
struct FleetLook {
    let call: FleetCall

    /// One environment on one machine.
    struct Place: Decodable, Hashable, Sendable {
        let name, state: String
        let release, commit: String?
        let problems: [String]
    }

    private struct Told: Decodable {
        let environments: [Place]
    }

    /// - Throws: what kept a machine from answering.
    func places(_ environment: String, on machines: [FarAddress]) throws(DeployError) -> [FarAddress: Place] {
        var found: [FarAddress: Place] = [:]
        for answer in call.ask(["status", environment], of: machines) {
            found[answer.machine] = try place(environment, answer)
        }
        return found
    }

    private func place(_ environment: String, _ answer: FleetAnswer) throws(DeployError) -> Place {
        guard let told = answer.read(Told.self)?.environments.first(where: { $0.name == environment }) else {
            throw answer.failure
                ?? DeployError(
                    .stepFailed, what: "\(answer.host) says nothing of \(environment)",
                    why: "its status has no such part",
                    next: "deployctl status --host \(answer.host)")
        }
        return told
    }

    /// The release that a machine has of a commit and served well, the newest of them; nil where there is none.
    func release(of commit: String, in environment: String, on machine: FarAddress) throws(DeployError)
        -> String?
    {
        try moves(environment, machine).first {
            $0.commit == commit && $0.outcome == "succeeded" && $0.release != nil
        }?.release
    }

    /// The commit that a release was made of; nil where that is not on record.
    func commit(of release: String, in environment: String, on machine: FarAddress) throws(DeployError)
        -> String?
    {
        try moves(environment, machine).first { $0.release == release && $0.commit != nil }?.commit
    }

    private struct Move: Decodable { let release, commit, outcome: String? }
    private struct Moves: Decodable { let deployments: [Move] }

    /// Newest first.
    private func moves(_ environment: String, _ machine: FarAddress) throws(DeployError) -> [Move] {
        let answer = call.ask(["history", environment, "--limit=1000"], of: [machine])[0]
        guard let told = answer.read(Moves.self) else {
            throw answer.failure
                ?? DeployError(
                    .stepFailed, what: "\(answer.host) says nothing of what it was deployed",
                    why: "its history cannot be read", next: "deployctl history --host \(answer.host)")
        }
        return told.deployments
    }
}
