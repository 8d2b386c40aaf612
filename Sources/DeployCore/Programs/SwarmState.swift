/// How an engine belongs to a swarm, as it says itself.
struct SwarmMembership: Decodable {
    var state: String
    var manages: Bool
    /// What keeps it from answering for the swarm; empty where nothing does.
    var error: String
    /// The machine in the swarm.
    var node: String
    var name: String

    /// A line of JSON for the engine to fill in.
    static let format =
        #"{"state":{{json .Swarm.LocalNodeState}},"manages":{{json .Swarm.ControlAvailable}},"#
        + #""error":{{json .Swarm.Error}},"node":{{json .Swarm.NodeID}},"name":{{json .Name}}}"#
}

/// A machine of a swarm, as a manager sees it.
struct SwarmNode: Decodable {
    var id: String
    var name: String
    /// `Ready`, `Down`, `Unknown`, `Disconnected`.
    var status: String
    /// Empty for a worker.
    var rank: String

    var isReady: Bool { status == "Ready" }
    var isManager: Bool { !rank.isEmpty }

    private enum CodingKeys: String, CodingKey {
        case id = "ID"
        case name = "Hostname"
        case status = "Status"
        case rank = "ManagerStatus"
    }
}

/// A service of a swarm, as it is to be.
struct SwarmService: Decodable {
    /// How many copies of it are to run.
    struct Mode: Decodable {
        struct Copies: Decodable {
            var count: Int?

            private enum CodingKeys: String, CodingKey { case count = "Replicas" }
        }

        /// nil where each machine runs one.
        var copies: Copies?

        private enum CodingKeys: String, CodingKey { case copies = "Replicated" }
    }

    /// A port at which every machine of the swarm leads to it.
    struct Port: Decodable {
        var number: Int?

        private enum CodingKeys: String, CodingKey { case number = "PublishedPort" }
    }

    var id: String
    var name: String
    var labels: [String: String]
    var image: String
    var mode: Mode
    var ports: [Port]?

    var service: String { labels[ContainerLabels.service] ?? "" }
    var copies: Int { mode.copies?.count ?? 0 }

    /// A line of JSON for the engine to fill in.
    static let format =
        #"{"id":{{json .ID}},"name":{{json .Spec.Name}},"labels":{{json .Spec.Labels}},"#
        + #""image":{{json .Spec.TaskTemplate.ContainerSpec.Image}},"mode":{{json .Spec.Mode}},"#
        + #""ports":{{json .Endpoint.Ports}}}"#
}

/// One copy of a service on one machine, as a manager saw it last.
struct SwarmCopy: Decodable {
    var id: String
    /// The service's name, a full stop and a number; the service's id where it is gone.
    var name: String
    var image: String
    /// Empty while no machine was found for it.
    var node: String
    var desired: String
    /// A word and since when, such as `Running 5 minutes ago`.
    var current: String
    var error: String

    private enum CodingKeys: String, CodingKey {
        case id = "ID"
        case name = "Name"
        case image = "Image"
        case node = "Node"
        case desired = "DesiredState"
        case current = "CurrentState"
        case error = "Error"
    }

    /// `Running`, `Starting`, `Pending`, `Rejected`, `Failed` and others.
    var state: String { current.words.first.map(String.init) ?? "" }
    var runs: Bool { state == "Running" }
    var isWanted: Bool { desired == "Running" || desired == "Ready" }
    var failed: Bool { ["Failed", "Rejected"].contains(state) }
    /// Whether something of it is, or is about to be, on its machine.
    var isThere: Bool {
        ["Assigned", "Accepted", "Preparing", "Ready", "Starting", "Running"].contains(state)
    }

    func belongs(to service: SwarmService) -> Bool {
        guard let known = name.cutLast(at: ".")?.before else { return false }
        return known == service.name || known == service.id
    }

    /// Such as `Rejected on node b: No such image`.
    var words: String {
        state + (node.isEmpty ? "" : " on \(Shown.text(node))")
            + (error.isEmpty ? "" : ": \(Shown.text(error, limit: 200))")
    }
}
