import DeployCore

/// One service of a deployment's definition, as `show` says it.
struct PlannedServiceAnswer: Encodable, Sendable {
    let name: String
    /// How many of it run.
    let replicas: Int
    /// Of each; null where it has none of its own.
    @OrNull var limits: LimitsAnswer?

    static func all(of environment: Environment) -> [PlannedServiceAnswer] {
        environment.definedServices.filter { $0.service.role != .edge }.map { service, replicas in
            PlannedServiceAnswer(
                name: service.definedName, replicas: replicas, limits: service.limits.map(LimitsAnswer.init))
        }
    }

    /// nil where there is nothing to say beyond its name.
    var words: String? {
        let bound = limits.map { "\(replicas > 1 ? "each " : "")at most \($0.words)" }
        let count = replicas > 1 ? "\(replicas) replicas" : nil
        let said = [count, bound].compactMap(\.self)
        return said.isEmpty ? nil : "\(name): \(said.joined(separator: ", "))"
    }
}

/// The most a service, or everything of an environment together, may take.
struct LimitsAnswer: Encodable, Sendable {
    /// Bytes; null: as much as there is.
    @OrNull var memory: Int64?
    /// Whole processors; null: as many as there are.
    @OrNull var cpu: Double?
    /// Processes and threads; null: as many as the machine bears.
    @OrNull var processes: Int?

    init(_ limits: Limits) {
        (memory, cpu, processes) = (limits.memory, limits.cpu, limits.processes)
    }

    var words: String {
        [
            memory.map { "\(HumanText.size($0)) of memory" },
            cpu.map(Self.processors),
            processes.map { "\($0) processes" },
        ].compactMap(\.self).joined(separator: ", ")
    }

    /// As `1.5 processors`.
    static func processors(_ count: Double) -> String {
        count == 1 ? "1 processor" : "\(count == count.rounded() ? "\(Int(count))" : "\(count)") processors"
    }
}
