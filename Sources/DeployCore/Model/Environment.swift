/// One environment's definition, fully resolved: where releases run, what is backed up, which gates apply.
///
/// The value of `environments/<name>.json` after `extends` and defaults. It never holds a secret,
/// only where to find one, so it can be stored with a plan and compared between environments.
public struct Environment: Hashable, Codable, Sendable {
    public var name: String
    public var project: String
    /// A sentence for people; nil when the definition has none.
    public var purpose: String?
    /// Where people reach it; nil when the definition does not say.
    public var url: String?
    public var source: Source
    /// Commands run in a new release's folder, in order, each as an argument vector.
    public var build: [[String]]
    /// In the order of the definition file.
    public var services: [Service]
    /// Folders, relative to the release, that outlive it.
    var sharedFolders: [String]
    /// nil: the schema is no matter of the tool.
    public var migrations: Migrations?
    /// How long the pending migrations may take in a rehearsal; nil: as long as they need.
    var migrationLimit: Duration?
    /// Run once per deployment, after migrations and before the new services start.
    var releaseCommands: [[String]]
    var runtime: Runtime
    /// The account of the machine that services, build and migrations run as; nil: the one deployctl runs as.
    public var user: String?
    /// The containers' network by name; nil: one that Compose names.
    public var network: String?
    /// Names of the volumes data services keep their data in.
    var volumes: [String]
    /// Public ports by name: `http`, `https`, or a service's name.
    public var ports: [String: Int]
    /// nil: the application has none the tool knows of.
    public var database: Database?
    /// By the name under which services get them.
    public var secrets: [String: SecretSource]
    /// Response headers the edge adds.
    var headers: [String: String]
    /// Patterns of branch names, `*` matching anything.
    public var branches: [String]
    /// Folder of service logs, relative to the project.
    public var logs: String
    /// nil: no https port.
    var tls: TLS?
    public var backup: BackupRules
    /// nil: no confirmation is asked.
    public var confirmation: Confirmation?
    /// nil for an environment nothing is promoted to.
    public var promotion: Promotion?
    /// Assertions that can be asked of this environment, by name.
    public var checks: [HTTPCheck] {
        get { definedChecks ?? [] }
        set { definedChecks = newValue.isEmpty ? nil : newValue }
    }
    // Optional, so that plans stored by an earlier version can be read.
    private var definedChecks: [HTTPCheck]?
    // Optional, so that plans stored by an earlier version can be read.
    var definedFront: Front?
    // Optional, so that plans stored by an earlier version can be read.
    var definedLogRules: LogRules?
    // Optional, so that plans stored by an earlier version can be read.
    var definedSchedules: [Schedule]?
    // Optional, so that plans stored by an earlier version can be read.
    var definedRoutes: [Route]?
    // Optional, so that plans stored by an earlier version can be read.
    var definedHooks: Hooks?
    // Optional, so that plans stored by an earlier version can be read.
    var definedHosts: [String]?
    // Optional, so that plans stored by an earlier version can be read.
    var definedFeatures: [String: FeatureShare]?
    // Optional, so that plans stored by an earlier version can be read.
    var definedPackages: [String]?
    // Optional, so that plans stored by an earlier version can be read.
    var definedElsewhere: Database?
    // Optional, so that plans stored by an earlier version can be read.
    private var definedVariables: [String: String]?
    /// What everything of the application gets beside secrets, by name, with placeholders as they are written.
    var variables: [String: String] {
        get { definedVariables ?? [:] }
        set { definedVariables = newValue.isEmpty ? nil : newValue }
    }
    // Optional, so that plans stored by an earlier version can be read.
    private var definedFiles: [String: String]?
    /// Files that every release gets by a link, by their path in it: where each lies, relative to the project.
    var linkedFiles: [String: String] {
        get { definedFiles ?? [:] }
        set { definedFiles = newValue.isEmpty ? nil : newValue }
    }
    /// What everything of it together may take; nil: no limit.
    public var limits: Limits?
    /// How long an old release may finish what it holds.
    var drain: Duration
    /// How long the new release is observed after cutover before the old one is stopped.
    public var watch: Duration
    /// How many releases stay on disk, the current one included.
    var keepReleases: Int
    /// What both environments may have in common, by isolation subject (`uploads`, `secrets.NAME`, `logs`…).
    var sharedOnPurpose: [String]

    init(name: String, project: String) {
        self.name = name
        self.project = project
        purpose = nil
        url = nil
        source = Source()
        build = []
        services = []
        sharedFolders = []
        migrations = nil
        migrationLimit = nil
        releaseCommands = []
        runtime = Runtime()
        user = nil
        network = nil
        volumes = []
        ports = [:]
        database = nil
        secrets = [:]
        headers = [:]
        branches = ["*"]
        logs = "logs/\(name)"
        tls = nil
        backup = BackupRules(directory: "backups/\(name)")
        confirmation = nil
        promotion = nil
        limits = nil
        drain = .seconds(30)
        watch = .seconds(3)
        keepReleases = 5
        sharedOnPurpose = []
    }
}

extension Environment {
    /// Whether its data outlives deployments and can be brought back.
    public var keepsData: Bool { database.map { !$0.fresh } ?? !backup.folders.isEmpty }

    /// Where releases come from.
    public struct Source: Hashable, Codable, Sendable {
        /// Path of the git repository, relative to the project.
        public var repository: String
        /// Whether a production deployment is tagged `deploy/<environment>/<timestamp>`.
        public var tag: Bool

        public init(repository: String = ".", tag: Bool = true) {
            self.repository = repository
            self.tag = tag
        }
    }

    /// What services are started by, and how a new release takes the place of the old.
    struct Runtime: Hashable, Codable, Sendable {
        /// What services are started by.
        public enum Kind: String, CaseIterable, Codable, Sendable {
            /// Programs of the release's folder.
            case process
            /// Containers of the project's own Compose file.
            case compose
            /// Copies of the same containers on the machines of a swarm.
            case swarm
            /// Whatever the project's own tool makes of a release, wherever that is.
            case command
        }
        /// How a new release takes the place of the old.
        enum Strategy: String, Codable, Sendable {
            /// The new release starts beside the old; nginx moves traffic with one rename.
            case blueGreen = "blue-green"
            /// The old release stops before the new one starts: a gap, but no nginx.
            case recreate
            /// The project's own tool puts the new release in the place of the old.
            case ownTool = "own-tool"

            /// Those a definition may ask for.
            static let written = [blueGreen, recreate]
        }

        var kind: Kind = .process
        /// nil: blue-green when nginx is installed, otherwise recreate.
        var strategy: Strategy?
        /// Folder for unix sockets when the project's own path is too long for them.
        var sockets: String?
        /// The Compose file, relative to the release.
        var file: String?
        /// Swarm: where images are pushed, such as `registry.example/shop`.
        var registry: String?
        /// Only where the project's own tool deploys.
        var ownTool: OwnTool?

        /// Whether the machine needs a container engine for it.
        var usesEngine: Bool { kind == .compose || kind == .swarm }
        /// Whether services run on several machines, and in several copies.
        var spreads: Bool { kind == .swarm }
    }

    /// How the application's database changes.
    public enum Migrations: Hashable, Codable, Sendable {
        /// Ordered `.sql` files in a folder of the release.
        case directory(String)
        /// The project's own tool: `apply` runs what is pending, `status` exits 0 when nothing is.
        case command(apply: [String], status: [String]?)
    }

    /// The application's database.
    public struct Database: Hashable, Codable, Sendable {
        /// The database's product.
        public enum Engine: String, CaseIterable, Codable, Sendable {
            case sqlite
            /// MySQL or MariaDB.
            case mysql
            case postgresql

            /// Whether data is replaced by giving another database the live one's name; a file's name is a link instead.
            var swapsByRename: Bool { self != .sqlite }

            /// Who may create and rename databases, unless the definition says.
            public var defaultAdmin: String { self == .postgresql ? "postgres" : "root" }

            /// Where its server listens unless told otherwise.
            var defaultPort: Int { self == .postgresql ? 5432 : 3306 }
        }

        /// Who creates, copies and renames databases.
        public struct Admin: Hashable, Codable, Sendable {
            public var user: String
            /// nil: the server asks for none.
            public var password: SecretSource?

            init(user: String, password: SecretSource? = nil) {
                self.user = user
                self.password = password
            }
        }

        public var engine: Engine
        /// SQLite: the file, relative to the environment's shared folder.
        public var file: String?
        /// A server's address; nil for SQLite, and where a data service runs it.
        public var host: String?
        /// nil: the engine's own, ``Engine/defaultPort``.
        public var port: Int?
        /// The database's name on its server; nil for SQLite.
        public var name: String?
        /// Whom the application logs in as; nil for SQLite.
        public var user: String?
        /// nil: the server asks for none.
        public var password: SecretSource?
        /// nil: the application's own user does it.
        public var admin: Admin?
        /// Compose: the data service its server runs in.
        public var service: String?
        /// Whether each deployment starts from a database of its own, which the migrations bring up to date.
        public var fresh: Bool
        /// What fills a fresh database before the migrations; nil: nothing.
        var filling: Filling?

        init(engine: Engine, file: String? = nil, fresh: Bool = false) {
            self.engine = engine
            self.file = file
            self.fresh = fresh
            filling = nil
            host = nil
            port = nil
            name = nil
            user = nil
            password = nil
            admin = nil
            service = nil
        }

        /// Whether its server runs where deployctl does.
        var isOnThisMachine: Bool {
            let host = host ?? "127.0.0.1"
            return ["127.0.0.1", "::1", "localhost"].contains(host) || host.begins(with: "/")
        }
    }

    /// What a person has to type before anything changes.
    public struct Confirmation: Hashable, Codable, Sendable {
        /// What `--confirm` must carry where no terminal is; the strictest last.
        enum NonInteractive: String, CaseIterable, Codable, Comparable, Sendable {
            case phrase, plan, never

            static func < (one: NonInteractive, other: NonInteractive) -> Bool {
                one != other && (one == .phrase || other == .never)
            }
        }

        /// What has to be typed, byte for byte.
        public var phrase: String
        var nonInteractive: NonInteractive
        /// Whether the phrase counts where nobody types it.
        public var takesPhrase: Bool { nonInteractive == .phrase }

        init(phrase: String = "CONFIRM", nonInteractive: NonInteractive = .phrase) {
            self.phrase = phrase
            self.nonInteractive = nonInteractive
        }
    }
}
