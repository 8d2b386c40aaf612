/// Where everything of one environment lies.
public struct Layout: Hashable, Sendable {
    /// Absolute path of the project.
    public let project: String
    /// Its definition, as far as it is decided.
    public let environment: Environment

    init(project: String, environment: Environment) {
        self.project = project
        self.environment = environment
    }

    /// The tool's own folder.
    public static func tool(_ project: String) -> String { "\(project)/.deployctl" }
    /// The tool's own memory.
    public static func state(_ project: String) -> String { "\(tool(project))/state.db" }
    /// One line for each entry of the audit log, outside of the state: how far its chain has come.
    public static func auditAnchor(_ project: String) -> String { "\(tool(project))/audit.log" }
    /// What the audit log is sealed with.
    static func auditKey(_ project: String) -> String { "\(tool(project))/audit.key" }
    /// The state as it was after the last run that came to its end.
    static func safeCopy(_ project: String) -> String { "\(state(project)).copy" }
    /// Lies in the folder of a project that commits are sent to: it is the far side itself.
    public static func farMark(_ project: String) -> String { "\(tool(project))/far" }
    /// What fingerprints of secrets are made with, so that nobody guesses a short one from them.
    static func secretKey(_ project: String) -> String { "\(tool(project))/secrets.key" }
    /// The file that carries an environment's kernel lock.
    public static func lock(_ project: String, environment: String) -> String {
        "\(tool(project))/\(environment)/lock"
    }

    /// How each run of an environment ended, for the day on which the state is lost.
    static func runRecords(_ project: String, environment: String) -> String {
        "\(tool(project))/\(environment)/records"
    }

    /// The file that carries the keeper's kernel lock.
    static func keeper(_ project: String) -> String { "\(tool(project))/keeper" }

    /// What the keeper of a project writes that nobody's journal takes.
    static func keeperLog(_ project: String) -> String { "\(tool(project))/keeper.log" }

    /// Everything of this environment but backups and logs.
    public var root: String { "\(Self.tool(project))/\(environment.name)" }
    public var lock: String { Self.lock(project, environment: environment.name) }

    public var releases: String { "\(root)/releases" }
    /// The folder of one release.
    public func release(_ timestamp: Timestamp) -> String { "\(releases)/\(timestamp)" }
    /// The folder a release is built in: the same path whatever the environment.
    func build(_ timestamp: Timestamp) -> String {
        "\(Self.tool(project))/.builds/\(timestamp)/release"
    }
    /// The manifest the folder was sealed with, beside it.
    func releaseManifest(_ timestamp: Timestamp) -> String { "\(releases)/\(timestamp).manifest" }
    /// How its files lay when they were last found to be what was built.
    func releaseFingerprint(_ timestamp: Timestamp) -> String { "\(releases)/\(timestamp).fingerprint" }
    /// Stands there while files of the release may have their bytes in common with another one's.
    func releaseShare(_ timestamp: Timestamp) -> String { "\(releases)/\(timestamp).shared" }
    /// Half-made things of the release, which the next run removes.
    func releasePartial(_ timestamp: Timestamp) -> String { "\(releases)/\(timestamp).partial" }
    /// The list of what the project's own commands made in the folder of a release after it was sealed.
    func releaseAdditions(_ timestamp: Timestamp) -> String { "\(root)/made/\(timestamp)" }
    /// What somebody else put into the folder of a release, moved out of it.
    func releaseStrays(_ timestamp: Timestamp) -> String { "\(root)/strays/\(timestamp)" }
    /// What somebody put into the folder a release was built in, moved out of it.
    func buildStrays(_ timestamp: Timestamp) -> String { "\(root)/strays/\(timestamp)-built" }
    /// What the project's own commands, and all that they start, carry as their marker; there is no such folder.
    var ownPrograms: String { "\(root)/commands" }
    /// For people and scripts: the folder of the release that serves.
    var currentRelease: String { "\(root)/current" }
    /// Copies of the files that releases have by a link, as they were at the last start.
    var linkedFiles: String { "\(root)/files" }
    /// The copy that stands at a path of the release.
    func linkedFile(_ path: String) -> String { "\(linkedFiles)/\(URLText.escaped(path))" }
    /// What outlives releases.
    public var shared: String { "\(root)/shared" }

    /// Where instances and their sockets live.
    public var run: String {
        guard let sockets = environment.runtime.sockets else { return "\(root)/run" }
        return absolute("\(sockets)/\(environment.project)-\(environment.name)")
    }
    /// The one link that decides where traffic goes.
    public var currentInstance: String { "\(run)/current" }
    /// One instance's folder.
    func instance(_ id: String) -> String { "\(run)/\(id)" }

    /// Marks what people and schedules run inside of services; no file.
    var console: String { "\(root)/console" }

    /// The folder in which services find the file of their features; the file alone is replaced.
    var features: String { "\(root)/features" }
    /// Which features somebody switched.
    var switches: String { "\(root)/switches.json" }

    /// What is written for services that outlive releases.
    public var data: String { "\(root)/data" }

    /// Where a service of an instance listens when it listens on a socket.
    func socket(of service: String, in instance: String) -> String {
        "\(socketFolder(of: instance))\(service).sock"
    }

    /// The folder, or the beginning of the name, of the sockets its services make.
    ///
    /// An account of its own makes them where nothing of deployctl's lies.
    private func socketFolder(of instance: String) -> String {
        "\(self.instance(instance))/app\(environment.user == nil ? "-" : "/")"
    }

    /// The unix socket at which visitors wait for a service of an instance that is about to be there again.
    func waitingRoom(of service: String, in instance: String) -> String {
        "\(self.instance(instance))/w-\(service).sock"
    }

    /// The nginx that holds the public ports.
    var edge: String { "\(root)/edge" }
    /// What it reads users and passwords from.
    var edgePasswords: String { "\(edge)/passwords" }
    /// While it is there the edge closes each connection after its answer.
    var edgeClosing: String { "\(edge)/closing" }
    /// The unix socket at which deployctl asks what people ask at the public ports.
    var insideDoor: String { environment.runtime.sockets == nil ? "\(edge)/door.sock" : "\(run)/door.sock" }
    public var backups: String { absolute(environment.backup.directory) }
    public func backup(_ timestamp: Timestamp) -> String { "\(backups)/\(timestamp)" }
    public var logs: String { absolute(environment.logs) }
    public func serviceLog(_ service: String) -> String { "\(logs)/\(service).log" }
    /// What the edge writes of each request.
    public var accessLog: String { "\(logs)/access.jsonl" }
    public var toolLogs: String { "\(logs)/deployctl" }
    /// One line per event of one run.
    public func runLog(_ deployment: Timestamp) -> String { "\(toolLogs)/\(deployment).jsonl" }

    /// The stable name of the SQLite file; a link to the generation in use.
    var databaseLink: String? { environment.database?.file.map { "\(shared)/\($0)" } }
    /// The database for one purpose; nil when the environment has none.
    public func database(_ purpose: DatabasePurpose) -> DatabaseLocation? {
        guard let database = environment.database else { return nil }
        guard let link = databaseLink else { return database.name.map { purpose.location(besideServer: $0) } }
        return purpose.location(besideFile: link, scratch: scratch)
    }

    /// Copies that are made to be looked at; nothing here outlives its run.
    var scratch: String { "\(root)/scratch" }
    /// Where a folder of a backup is unpacked.
    func scratchFolder(_ name: String, _ backup: Timestamp) -> String {
        "\(scratch)/\(backup)-\(FolderContent.escaped(Path.name(name).utf8))"
    }

    /// Where the payloads of a backup lie while they are used, compared and decrypted.
    func plainFolder(of backup: String) -> String { "\(root)/scratch/\(Path.name(backup))-plain" }

    /// Absolute path of the folder with what swaps on database servers are about to do.
    public var swaps: String { "\(root)/swaps" }
    /// One swap, by the name of the database that becomes live.
    public func swapPlan(of database: String) -> String {
        "\(swaps)/\(SHA256.hexadecimal(of: database).prefix(32)).json"
    }

    /// The digest of a manifest, from when the backup is taken until it is recorded.
    func takenDigest(_ backup: Timestamp) -> String { "\(scratch)/\(backup).sha256" }

    /// Where a copy of a backup is fetched to be compared.
    func copyFolder(_ backup: Timestamp) -> String { "\(root)/scratch/\(backup)-copy" }

    /// A path of the definition, which may be relative to the project.
    public func absolute(_ path: String) -> String {
        path == "." ? project : path.begins(with: "/") ? path : "\(project)/\(path)"
    }

    /// The longest path a service's socket gets; the kernel allows 107 bytes.
    var longestSocket: String {
        let names =
            environment.services.map { "app-\($0.name).sock" } + ["front.sock"]
            + environment.services.filter { environment.ports[$0.definedName] != nil }.map {
                "kept-\($0.definedName).sock"
            }
        let longest = names.max { $0.utf8.count < $1.utf8.count } ?? ""
        return "\(run)/00000000000000-hold/\(longest)"
    }
    static let socketPathLimit = 107
}
