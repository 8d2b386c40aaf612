import DeployCore

/// What a service or an environment takes of the machine, and the most it may.
struct ResourcesAnswer: Encodable, Sendable {
    let memory: Amount
    let processes: Amount
    /// Whole processors; null: no limit.
    @OrNull var cpu: Double?
    /// How many of its processes were killed because there was no memory left for them.
    let killed: Int

    /// Bytes, or processes and threads.
    struct Amount: Encodable, Sendable {
        @OrNull var used: Int64?
        @OrNull var limit: Int64?
    }

    init(_ use: ResourceUse) {
        memory = Amount(used: use.memory, limit: use.limits.memory)
        processes = Amount(used: use.processes.map(Int64.init), limit: use.limits.processes.map(Int64.init))
        cpu = use.limits.cpu
        killed = use.kills
    }

    /// As `memory 12 MB of 64 MB, 3 of 200 processes, at most 1.5 processors`; empty where there is nothing to say.
    var words: String {
        [
            words(memory, HumanText.size) { "memory \($0)" },
            words(processes, { "\($0)" }) { "\($0) processes" },
            cpu.map { "at most \(LimitsAnswer.processors($0))" },
            killed > 0 ? "\(killed) killed for want of memory" : nil,
        ].compactMap(\.self).joined(separator: ", ")
    }

    private func words(_ amount: Amount, _ text: (Int64) -> String, _ sentence: (String) -> String) -> String?
    {
        guard let limit = amount.limit else { return nil }
        return sentence(amount.used.map { "\(text($0)) of \(text(limit))" } ?? "up to \(text(limit))")
    }
}
