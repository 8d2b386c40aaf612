/// What a repository shows of its application, as far as detectors have come.
struct ApplicationSketch: Sendable {
    /// A program of the application.
    struct Service: Sendable, Equatable {
        var name: String
        var command: [String]
        /// Whether it is asked over HTTP; otherwise it works by itself.
        var listens = true
        /// Path of its health check; nil where nothing was found.
        var health: String?
        var overlap = true
        /// Folder whose scripts a FastCGI server runs; nil for one that speaks HTTP.
        var fastCGIRoot: String?
    }

    /// Of an address.
    struct Route: Sendable, Equatable {
        var path: String
        /// A service or a folder of the release.
        var target: String
    }

    enum Migrations: Sendable, Equatable {
        case directory(String)
        case command([String], status: [String]?)
    }

    /// Where the value of a secret comes from.
    enum SecretValue: Sendable, Equatable {
        /// Chance; `prefix` stands before it.
        case random(prefix: String)
        /// A number of its own for each environment, at the end of this text.
        case numbered(String)
        /// Somebody else gave it; chance stands in until a person writes it.
        case foreign
    }

    struct Secret: Sendable, Equatable {
        var name: String
        var value: SecretValue
    }

    struct Variable: Sendable, Equatable {
        var name: String
        var value: String
    }

    /// What was recognised, in words.
    var kinds: [String] = []
    var build: [[String]] = []
    var services: [Service] = []
    var routes: [Route] = []
    /// The page that answers paths without a file; nil for none.
    var fallback: String?
    /// Folders that outlive a release.
    var shared: [String] = []
    /// Those of them that go back with the data.
    var kept: [String] = []
    var release: [[String]] = []
    var migrations: Migrations?
    var engine: Environment.Database.Engine?
    var variables: [Variable] = []
    var secrets: [Secret] = []
    /// Names the code asks for and deployctl gives.
    var given: [String] = []
    /// The name the code asks for → the variable of deployctl that holds it.
    var aliases: [Variable] = []
    /// The project's own Compose file, which runs its services; nil for processes.
    var composeFile: String?
    /// Services of that file that outlive a release.
    var data: [String] = []
    /// What is left to a person, each as one line.
    var left: [String] = []
    /// The interpreter of the release.
    var python = "python3"

    var web: Service? { services.first(where: \.listens) }

    mutating func recognise(_ kind: String) {
        if !kinds.contains(where: { $0 == kind }) { kinds.append(kind) }
    }

    /// The program that visitors reach; the first to be found stays.
    mutating func serve(_ command: [String], as kind: String) {
        recognise(kind)
        if web == nil { services.insert(Service(name: "web", command: command), at: 0) }
    }

    /// Adds a service, or replaces the one of this name.
    mutating func put(_ service: Service) {
        if let index = services.firstIndex(where: { $0.name == service.name }) {
            services[index] = service
        } else {
            services.append(service)
        }
    }

    mutating func set(_ name: String, _ value: String) {
        if !variables.contains(where: { $0.name == name }) {
            variables.append(Variable(name: name, value: value))
        }
    }

    mutating func hide(_ name: String, _ value: SecretValue) {
        if !secrets.contains(where: { $0.name == name }) { secrets.append(Secret(name: name, value: value)) }
    }

    mutating func share(_ folder: String, keeping: Bool) {
        if !shared.contains(where: { $0 == folder }) { shared.append(folder) }
        if keeping, !kept.contains(where: { $0 == folder }) { kept.append(folder) }
    }

    mutating func leave(_ line: String) {
        if !left.contains(where: { $0 == line }) { left.append(line) }
    }
}
