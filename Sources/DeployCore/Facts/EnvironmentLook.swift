import FoundationEssentials

/// One environment at one moment: what is known of it, what runs, what answered, and what was changed by hand.
public struct EnvironmentLook: Hashable, Sendable {
    public var facts: EnvironmentFacts
    /// What should serve; nil while nothing does.
    var instance: InstanceLook?
    /// Where the world was changed by hand since the last deployment, in words.
    public var drift: [String]
    /// Whether the strategy needs an edge and none runs.
    var lacksEdge: Bool
    /// What keeps visitors who ask by name out; nil where nothing does.
    var lobbyComplaint: String?
    /// What visitors see instead; nil where they see the application.
    public var maintenance: Maintenance?
    /// Features as they are; empty where the definition has none.
    public var features: [Feature] = []
    /// What befell what serves, as its keeper saw it.
    var care = Care()
    /// Old releases that finish what they hold, oldest first.
    public var draining: [DrainingLook] = []
    /// That what serves keeps files beside its code, as a sentence; nil where it does not.
    public var strays: String?
    /// What its https port is served with; nil where it has none, and where nobody can tell.
    public var certificate: CertificateLook?
    /// Why the application does not get its database of a server, and what to do; nil where it does, and where nobody asked.
    var databaseComplaint: DeployError?
    /// That nothing more can be written, as a sentence; nil where there is room, and where nobody asked.
    var fullDisk: String?
    /// When one looked.
    public var at = Date.distantPast

    /// What is wrong, in words; empty when it serves its current release well.
    var complaints: [String] {
        guard let instance else { return ["nothing runs"] }
        let answers = instance.answers.sorted { $0.key < $1.key }
        return drift + faults(advising: false)
            + answers.compactMap { name, answer in answer.complaint.map { "service \(name) \($0)" } }
    }

    /// Whether it serves its current release well.
    var servesWell: Bool { complaints.isEmpty }

    /// What is wrong besides drift, for people who are shown each service too.
    public var problems: [String] {
        faults(advising: true)
            + services.filter { $0.isRunning && !$0.isHealthy }.map(ailment)
            + [instance == nil ? nil : spoilt, fullDisk].compactMap(\.self)
    }

    /// What is wrong with its certificate, and what mends that.
    private var spoilt: String? {
        guard let certificate, let problem = certificate.problem else { return nil }
        return "\(problem)\(certificate.remedy.map { "; \($0)" } ?? "")"
    }

    private func ailment(of service: ServiceLook) -> String {
        let answer = instance?.answers[service.name]?.complaint.map { ": it \($0)" }
        return "service \(service.name) is not healthy\(answer ?? "")"
    }

    /// `advising`: with what to do where only the fault itself knows that.
    private func faults(advising: Bool) -> [String] {
        guard let instance else { return [] }
        var found = instance.ended.filter { !instance.endedWithMachine.contains($0) }
            .map { "service \($0) does not run" }
        let with = instance.ended.filter(instance.endedWithMachine.contains)
        if !with.isEmpty {
            let advice = advising ? "; deployctl boot install has that done by itself" : ""
            found.append(
                "the machine restarted, and nobody started \(with.joined(separator: ", ")) again\(advice)")
        }
        found += loops.map { "\($0.name) \($0.care.loopSentence(at: at))" }
        found += refused.map { "\($0.name) \($0.care.sentence(at: at))\(advising ? restarting : "")" }
        if lacksEdge, care.edge.refusal == nil {
            found.append("the edge does not run, or only what is left of it\(advising ? restarting : "")")
        }
        if let lobbyComplaint { found.append(lobbyComplaint) }
        if let databaseComplaint {
            let name = facts.layout.database(.live)?.name ?? ""
            let advice = advising ? ": \(databaseComplaint.next)" : ""
            found.append(
                "the application does not get its database \(name): \(databaseComplaint.why)\(advice)")
        }
        if let complaint = instance.doorComplaint {
            let advice = advising && found.isEmpty && services.allSatisfy(\.isHealthy) ? restarting : ""
            found.append("front door: \(complaint)\(advice)")
        }
        return found
    }

    private var restarting: String { "; deployctl restart \(facts.environment.name)" }

    /// What stands before services and could not be started again.
    private var refused: [(name: String, care: ServiceCare)] {
        care.ofFronts.filter { $0.care.refusal != nil && !$0.care.isLooping(at: at) }
    }

    /// What ends again and again, however often it is started.
    var loops: [(name: String, care: ServiceCare)] { care.named.filter { $0.care.isLooping(at: at) } }

    /// What everything of it together takes and may take; nil where that has no limit.
    public var use: ResourceUse? { instance?.use }

    /// The app services of the definition, in its order, whether started or not.
    public var services: [ServiceLook] {
        facts.environment.services.filter { $0.role == .app }.map { service in
            let isRunning = instance?.running.contains(service.name) ?? false
            return ServiceLook(
                name: service.name, isRunning: isRunning, isUnknown: instance?.isUnknown == true,
                isHealthy: isRunning
                    && (service.health == nil || instance?.answers[service.name] == .good),
                port: facts.environment.ports[service.definedName],
                since: instance?.services.first { $0.name == service.name }?.since,
                rests: instance?.services.first { $0.name == service.name }?.rests == true,
                isSolitary: !service.overlaps, care: care.services[service.name],
                use: instance?.uses[service.name])
        }
    }
}

/// One app service at one moment.
public struct ServiceLook: Hashable, Sendable {
    public var name: String
    public var isRunning: Bool
    /// Whether nobody can tell if it runs.
    public var isUnknown = false
    /// Whether it runs and, where it has a health path, answers well there.
    public var isHealthy: Bool
    /// Its public port; nil when only the edge reaches it.
    public var port: Int?
    /// When it was started; nil when it was not.
    public var since: Date?
    /// Whether somebody stopped it and left the others running.
    public var rests: Bool
    /// Whether never two of it run at once.
    public var isSolitary: Bool
    /// How often and how it ended unasked, as its keeper saw it; nil where it never did.
    public var care: ServiceCare?
    /// What it takes and may take; nil where it does not run or nothing limits it.
    public var use: ResourceUse?
}
