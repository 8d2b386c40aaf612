import FoundationEssentials

/// What befell the processes of one instance, beside its record; written by the keeper alone.
struct Care: Hashable, Codable, Sendable {
    /// By service.
    var services: [String: ServiceCare] = [:]
    var front = ServiceCare()
    var edge = ServiceCare()
    // Optional, so that what an earlier version wrote can be read.
    private var lobbyCare: ServiceCare?
    var lobby: ServiceCare {
        get { lobbyCare ?? ServiceCare() }
        set { lobbyCare = newValue }
    }

    /// By the word people read for it; those that never ended unasked are left out.
    var named: [(name: String, care: ServiceCare)] {
        let services = services.sorted { $0.key < $1.key }.map { (name: $0.key, care: $0.value) }
        return services.filter { $0.care.ends > 0 } + ofFronts
    }

    /// The same of what stands before services.
    var ofFronts: [(name: String, care: ServiceCare)] {
        [("the front", front), ("the edge", edge), ("the lobby", lobby)].filter {
            $0.1.ends > 0 || $0.1.refusal != nil
        }
    }
}

extension Site {
    /// Of one instance; empty where nothing befell it.
    func care(of instance: String) -> Care {
        guard let data = try? ports.files.read(careFile(instance)),
            let care = try? JSONDecoder().decode(Care.self, from: data)
        else { return Care() }
        return care
    }

    func remember(_ care: Care, of instance: String) throws(DeployError) {
        try ports.files.publish(JSON.data(care), to: careFile(instance))
    }

    private func careFile(_ instance: String) -> String { "\(layout.instance(instance))/care.json" }

    /// A run and the keeper take turns in starting and ending what serves; nil: the other one is at it.
    func turn() throws(DeployError) -> (any HeldLock)? { try ports.files.lock("\(layout.root)/turn") }

    /// How long the keeper may take to start what ended.
    private static let longestTurn = 30.0

    /// `body` while the keeper starts nothing.
    func undisturbed<Value>(_ body: () throws(DeployError) -> Value) throws(DeployError) -> Value {
        try ports.files.makeFolder(layout.root)
        var deadline = Deadline(in: .seconds(Self.longestTurn), at: ports.clock.now())
        while true {
            if let turn = try turn() {
                defer { withExtendedLifetime(turn) {} }
                return try body()
            }
            guard !deadline.hasPassed(at: ports.clock.now()) else {
                throw DeployError(
                    .stepFailed, what: "The keeper does not let go of \(environment.name)",
                    why: "it has been starting something for \(Int(Self.longestTurn)) s",
                    next: "deployctl boot status")
            }
            ports.clock.sleep(for: .milliseconds(5))
        }
    }
}
