/// One long-running part of the application.
public struct Service: Hashable, Codable, Sendable {
    /// What part a service plays.
    public enum Role: String, CaseIterable, Codable, Sendable {
        /// A program of the release.
        case app
        /// The front: routes requests to app services and static folders.
        case edge
        /// A data service that outlives releases.
        case data
        /// Compose: a container that does its work once in each deployment, and ends.
        case job
    }

    /// What a program listens on.
    enum Listen: String, CaseIterable, Codable, Sendable {
        /// `HOST`:`PORT`, chosen by the tool for each start.
        case tcp
        /// The unix socket `SOCKET`.
        case socket
        /// Nothing: a worker.
        case none
    }

    /// How a new release proves that it can serve.
    public struct Health: Hashable, Codable, Sendable {
        /// What is asked of it, such as `/health`.
        public var path: String
        /// How long a new release may take to become healthy.
        public var timeout: Duration
        // Optional, so that plans stored by an earlier version can be read.
        private var definedHeaders: [String: String]?
        /// Sent with the question, by name.
        var headers: [String: String] {
            get { definedHeaders ?? [:] }
            set { definedHeaders = newValue.isEmpty ? nil : newValue }
        }

        init(path: String, timeout: Duration = .seconds(60)) {
            self.path = path
            self.timeout = timeout
        }
    }

    /// Where the edge sends requests below a path.
    struct Route: Hashable, Codable, Sendable {
        /// Where requests below a path go.
        enum Target: Hashable, Codable, Sendable {
            case service(String)
            /// A folder of the release with static files.
            case folder(String)
        }

        var path: String
        var target: Target
        // Optional, so that plans stored by an earlier version can be read.
        /// Whether the service gets addresses without the path; nil: no.
        var strip: Bool?
    }

    public var name: String
    public var role: Role
    /// Argument vector; empty for edge and data services.
    public var command: [String]
    var listen: Listen
    /// nil: it counts as healthy while it runs.
    public var health: Health?
    /// Only for the edge, in the order of the definition.
    var routes: [Route]
    // Optional, so that plans stored by an earlier version can be read.
    private var definedVariables: [String: String]?
    /// What it alone gets, before what everything of the application gets.
    var variables: [String: String] {
        get { definedVariables ?? [:] }
        set { definedVariables = newValue.isEmpty ? nil : newValue }
    }
    private var definedStop: Stop?
    /// How it is asked to end; of a container its Compose file says that.
    var stop: Stop {
        get { definedStop ?? Stop() }
        set { definedStop = newValue == Stop() ? nil : newValue }
    }
    private var definedOverlap: Bool?
    /// Whether the new release's may start while the old one's still runs.
    var overlaps: Bool {
        get { definedOverlap ?? true }
        set { definedOverlap = newValue ? nil : false }
    }
    private var definedKeepAlive: Bool?
    /// Whether connections to it are kept for the next request.
    var isKeptAlive: Bool {
        get { definedKeepAlive ?? false }
        set { definedKeepAlive = newValue ? true : nil }
    }
    private var definedAfter: [String]?
    /// App services that are healthy before it starts, and end after it.
    var after: [String] {
        get { definedAfter ?? [] }
        set { definedAfter = newValue.isEmpty ? nil : newValue }
    }
    /// What it may take of the machine; nil: no limit of its own.
    public var limits: Limits?
    /// Compose: what its container gets beyond the ordinary; nil: nothing.
    var grants: Grants?
    private var definedMounts: [String: String]?
    /// Compose: shared folders, or folders in them, by the place in its container at which its Compose file mounts a
    /// folder of the machine; they are mounted instead.
    var mounts: [String: String] {
        get { definedMounts ?? [:] }
        set { definedMounts = newValue.isEmpty ? nil : newValue }
    }
    /// What it speaks FastCGI about; nil: it speaks HTTP.
    var fastCGI: FastCGI?
    /// The name in the definition of what runs several times; nil: it runs once.
    var replicaOf: String?

    init(
        name: String, role: Role, command: [String] = [], listen: Listen = .tcp, health: Health? = nil,
        routes: [Route] = []
    ) {
        self.name = name
        self.role = role
        self.command = command
        self.listen = listen
        self.health = health
        self.routes = routes
    }
}

extension Environment {
    var dataServices: [Service] { services.filter { $0.role == .data } }
    public var appServices: [Service] { services.filter { $0.role == .app } }
    /// In the order of the definition, which is the order they run in.
    var jobs: [Service] { services.filter { $0.role == .job } }
    /// Everything that runs from a Compose file.
    var composeServices: [Service] { appServices + jobs + dataServices }
    /// Whether a deployment has something of the project's to run before the release starts.
    var preparesReleases: Bool { !releaseCommands.isEmpty || !jobs.isEmpty }
    /// Folders of the release that routes serve.
    var staticFolders: [String] {
        services.filter { $0.role == .edge }.flatMap(\.routes).compactMap { route in
            if case .folder(let folder) = route.target { folder } else { nil }
        }
    }
    /// Whether releases come to it by promotion, as to the one people use.
    public var isPromotedTo: Bool { promotion != nil }
}
