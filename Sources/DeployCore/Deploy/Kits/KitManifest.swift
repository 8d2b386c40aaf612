import FoundationEssentials

/// What stands in a kit of what else is in it.
public struct KitManifest: Hashable, Codable, Sendable {
    /// An environment that something was deployed to.
    public struct Place: Hashable, Codable, Sendable {
        public var name: String
        public var release: Timestamp
        /// Of the release, as it was built.
        public var digest: String
        /// The proved backup of its data; nil where it keeps none.
        public var backup: Timestamp?
        /// Whether it served.
        public var serves: Bool
        /// Absolute path of the folder the release was built in; nil where nothing in the release names it.
        public var builtAt: String?

        private enum CodingKeys: String, CodingKey {
            case name, release, digest, backup, serves
            case builtAt = "built_at"
        }
    }

    public struct Secret: Hashable, Codable, Sendable {
        public var environment: String
        public var name: String
        /// nil where it had no value.
        public var fingerprint: String?
    }

    public var schemaVersion = 1
    /// Its own name, later than every run it knows of.
    public var name: Timestamp
    public var project: String
    public var createdAt: Date
    /// In the order in which they are brought up.
    public var environments: [Place]
    public var secrets: [Secret]
    /// Whether values of secrets that lie in files of the project are in it.
    public var holdsSecrets: Bool
    /// Digest of the list of everything else in it.
    public var content: String
    /// What the project needs and it does not hold, in words; nil from a version that does not say.
    public var gaps: [String]?

    private enum CodingKeys: String, CodingKey {
        case schemaVersion = "schema_version"
        case createdAt = "created_at"
        case holdsSecrets = "holds_secrets"
        case name, project, environments, secrets, content, gaps
    }

    static let fileName = "kit.json"
    static let version = 1
}

/// Where what is in a kit lies below its folder: like a project, so that its state can be read where it is.
enum KitPath {
    static let definitions = "environments"
    static let secrets = "secrets"
    static let tool = Path.name(Layout.tool("/kit"))
    static var state: String { "\(tool)/\(Path.name(Layout.state("/kit")))" }

    /// Files of the tool's own folder, beside the state.
    static var records: [String] {
        [
            Layout.farMark("/kit"), Layout.secretKey("/kit"), Layout.auditKey("/kit"),
            Layout.auditAnchor("/kit"),
        ].map(Path.name)
    }

    static func environment(_ name: String) -> String { "\(tool)/\(name)" }
    static func release(_ place: KitManifest.Place) -> String {
        "\(environment(place.name))/releases/\(place.release)"
    }
    static func sealed(_ place: KitManifest.Place) -> String { "\(release(place)).manifest" }
    static func made(_ place: KitManifest.Place) -> String {
        "\(environment(place.name))/made/\(place.release)"
    }
    static func switches(_ name: String) -> String { "\(environment(name))/switches.json" }
    static func certificate(_ name: String) -> String { "\(environment(name))/certificate" }
    static func built(_ release: Timestamp) -> String { "\(tool)/.builds/\(release)/release" }
    static func backup(_ timestamp: Timestamp, of name: String) -> String { "backups/\(name)/\(timestamp)" }
}
