/// Every key a definition may have, with its rule and its description.
enum DefinitionKeys {
    static let arguments = Shape.list(of: .text(.argument), least: 1)
    static let commands = Shape.list(of: arguments, least: 0)

    static let root = Shape.object(identity + running + data + promotion)

    private static let identity = [
        Key("$schema", .text(.any), "Where editors find this schema; ignored."),
        Key("extends", .text(.relativePath), "A file beside this one that this one changes (RFC 7396)."),
        Key(
            "project", .text(.name), "Name of the application; the same in every environment.", required: true
        ),
        Key("purpose", .text(.line), "What the environment is for, shown by status."),
        Key("url", .text(.url), "Where people reach the environment."),
        Key("source", .object(source), "Where releases come from."),
        Key(
            "host", .textOrList(.farAddress),
            "The machine that serves, as ssh knows it: every command runs there. Several as a list, of which the first keeps the"
                + " data. The same in every environment."
        ),
        Key(
            "batch", .integer(1...100),
            "How many machines of \"host\" are deployed at once, after the first; 1 unless set."),
        Key("build", commands, "Commands run in a new release's folder, in order, each a list of arguments."),
    ]

    private static let running = [
        Key(
            "services", .map(keys: .name, values: .object(service)), "The parts of the application, by name."),
        Key("shared", .list(of: .text(.sharedPath), least: 0), "Folders of the release that outlive it."),
        Key("release", commands, "Commands run once per deployment, after migrations and before the start."),
        Key(
            "runtime",
            .wordOrObject(
                runtimeKind, [Key("kind", runtimeKind, "How services are run.")] + runtime + ownTool),
            "How services are run and replaced."),
        Key(
            "user", .text(.account),
            "Process runtime: the account of services, build, release commands and the project's own migrations; deployctl's"
                + " own unless set."),
        Key(
            "packages", .list(of: .text(.package), least: 0),
            "Debian packages that server prepare installs besides those that follow from the rest."),
        Key("network", .text(.resource), "Name of the environment's network."),
        Key("volumes", .list(of: .text(.resource), least: 0), "Names of the environment's volumes."),
        Key(
            "ports", .map(keys: .portName, values: .integer(1...65_535)),
            "Ports by name: http, https, an app service's or, on the loopback address, a data service's."),
        Key(
            "headers", .map(keys: .headerName, values: .text(.headerValue)), "Response headers the edge adds."
        ),
        Key(
            "logs", .wordOrObject(.text(.relativePath), logs),
            "Folder of the service logs, logs/<environment> unless set, or how they are kept too."),
        Key("front", .object(front), "What the nginx in front of the services takes in and serves."),
        Key(
            "hosts", .list(of: .text(.hostName), least: 1),
            "Names it is asked for by at ports that environments and projects share; the first is its own."),
        Key(
            "limits", .object(limits),
            "Process runtime: the most that everything of the environment may take of the machine together."),
        Key("tls", .object(tls), "The certificate of the https port."),
        Key("drain", .text(.duration), "How long an old release may finish what it holds; 30s unless set."),
        Key("watch", .text(.duration), "How long a new release is observed after cutover; 3s unless set."),
        Key(
            "keepReleases", .integer(2...1000),
            "How many releases stay on disk, the current included; 5 unless set."),
    ]

    private static let data = [
        Key(
            "migrations", .object(migrations), "How the application's database changes: directory or command."
        ),
        Key("database", .object(database), "The application's database."),
        Key(
            "variables", .map(keys: .variableName, values: .text(.variableValue)),
            "Plain variables of services, build, migrations, release commands and exec; {port}, {address:SERVICE}, {release} and"
                + " {environment} are filled in."),
        Key(
            "features", .map(keys: .name, values: .flagOrText(.featureShare)),
            "Switches that services can read, as they are until deployctl feature says otherwise: true, false or \"25%\"."
        ),
        Key(
            "secrets", .map(keys: .secretName, values: secret),
            "Secrets the services get as variables: where each is to be found, never the value."),
        Key(
            "files",
            .map(
                keys: .sharedPath,
                values: .object([
                    Key("file", .text(.secretPath), "A file only its owner may read.", required: true)
                ])),
            "Process runtime: private files of the machine that each release gets by a link, by their path in it; no part of the"
                + " release."),
        Key(
            "schedules", .list(of: .object(schedule), least: 0),
            "What runs by itself while a keeper looks after the project, as deployctl boot install has it."),
        Key("hooks", .object(hooks), "The project's own programs around the steps of a run."),
        Key("notify", .list(of: .object(notified), least: 0), "Who is told of what happens, and how."),
        Key("backup", .object(backup), "When backups are made, how they are proved, which are kept."),
    ]

    private static let promotion = [
        Key(
            "branches", .list(of: .text(.branch), least: 0),
            "Branches that may be deployed, * matching anything."),
        Key(
            "confirmation", .object(confirmation),
            "What a person types before anything changes; null asks nothing. CONFIRM for an environment that is"
                + " promoted to, unless set."),
        Key(
            "promotion", .object(promotionKeys),
            "Where releases are promoted from and what they must have proved; null for nowhere."),
        Key(
            "checks", .list(of: .object(check), least: 0),
            "Requests to this environment and what they must answer, for promotion.checks."),
        Key(
            "sharedOnPurpose", .list(of: .text(.subject), least: 0),
            "What two environments may have in common; each of them lists it. \(IsolationSubject.summary)"),
    ]

    private static let source = [
        Key(
            "repository", .text(.repository),
            "Path of the git repository, relative to the project; . unless set."),
        Key("tag", .flag, "Whether a production deployment is tagged; true unless set."),
    ]

    private static let service = [
        Key(
            "role", .choice(Service.Role.allCases.map(\.rawValue), later: []),
            "app: a program of the release; edge: the front; data: outlives releases; job: ends before the release starts.",
            required: true),
        Key("command", arguments, "Process runtime: the app service's program and arguments."),
        Key(
            "listen", .choice(Service.Listen.allCases.map(\.rawValue), later: []),
            "What an app service listens on: HOST and PORT, the unix socket SOCKET, or nothing; tcp unless set."
        ),
        Key("health", .object(health), "How a new release proves that it can serve."),
        Key(
            "protocol", .choice(["http", "fastcgi"], later: []),
            "What this app service speaks; http unless set."),
        Key(
            "root", .text(.routeTarget),
            "FastCGI: the folder of the release in which addresses are files; PHP scripts among them are run."
        ),
        Key(
            "script", .text(.scriptPath),
            "FastCGI: the script below root that answers what is no file; index.php unless set."),
        Key(
            "variables", .map(keys: .variableName, values: .text(.variableValue)),
            "Process runtime: variables of this app service alone."),
        Key(
            "routes", .map(keys: .routePath, values: .wordOrObject(.text(.routeTarget), route)),
            "Only for the edge: where requests below a path go, a service or a folder of the release."),
        Key(
            "limits", .object(limits),
            "The most this service, or each of its replicas, may take of the machine."),
        replicas,
        Key("stop", .object(stop), "Process runtime: how this app service is asked to end."),
        Key(
            "overlap", .flag,
            "Whether a new release's may start while the old one's still runs; true unless set. false suits schedulers."
        ),
        Key(
            "keepAlive", .flag,
            "Whether the front keeps connections to this app service for the next GET; false unless set. Not for servers of which each connection holds a worker."
        ),
        Key(
            "after", .list(of: .text(.name), least: 1),
            "Process runtime: app services that have to be healthy before this one starts; they end after it."
        ),
        Key(
            "grants", .object(grants),
            "Compose: what its container gets of the machine beyond what any Compose file may ask for."),
        mounts,
    ]

    private static let route = [
        Key("service", .text(.name), "The app service that answers there.", required: true),
        Key("strip", .flag, "Whether it gets addresses without the route's path; false unless set."),
    ]

    private static let stop = [
        Key(
            "signal", .choice(Service.Stop.Signal.allCases.map(\.rawValue), later: []),
            "The signal that asks it to end; TERM unless set."),
        Key(
            "timeout", .text(.positiveDuration),
            "How long it may take before it is killed; drain unless set."),
    ]

    private static let grants = [
        Key(
            "binds", .list(of: .text(.grantedBind), least: 1),
            "Files and folders of the machine its Compose file may mount, each with :ro or :rw."),
        Key(
            "capabilities", .list(of: .choice(Service.Grants.capabilityNames, later: []), least: 1),
            "What its Compose file may name in cap_add."),
        Key(
            "devices", .list(of: .text(.grantedDevice), least: 1),
            "Devices of the machine its Compose file may name."),
        Key("gpus", .flag, "Whether its Compose file may reserve the machine's GPUs; false unless set."),
        Key(
            "securityOptions", .list(of: .choice(Service.Grants.securityOptionNames, later: []), least: 1),
            "What its Compose file may loosen with security_opt."),
        Key(
            "newPrivileges", .flag,
            "Whether programs in its container may gain rights as they start; false unless set."),
    ]

    private static let health = [
        Key("path", .text(.healthPath), "Answers 2xx when the service can serve.", required: true),
        Key("timeout", .text(.positiveDuration), "How long a new release may take; 60s unless set."),
        Key(
            "headers", .map(keys: .headerName, values: .text(.headerValue)),
            "Request headers it is asked with, beside those the edge sends; no secrets."),
    ]

    private static let migrations = [
        Key("directory", .text(.relativePath), "Folder of the release with ordered .sql files."),
        Key("command", arguments, "The project's own tool, which applies what is pending."),
        Key(
            "status", arguments,
            "Exits 0 when nothing is pending; asked after command, and before it in a rehearsal; only with command."
        ),
        Key(
            "limit", .text(.positiveDuration),
            "What takes longer in the rehearsal on the restored backup is not deployed; no limit unless set."),
    ]

    private static let runtimeKind = Shape.choice(
        Environment.Runtime.Kind.allCases.map(\.rawValue), later: [])

    private static let runtime = [
        Key(
            "strategy", .choice(Environment.Runtime.Strategy.written.map(\.rawValue), later: []),
            "blue-green starts the new release beside the old; recreate stops the old one first."),
        Key(
            "file", .text(.relativePath),
            "Compose and swarm: the project's own Compose file, relative to the release."),
        Key("registry", .text(.registry), "Swarm: where images are pushed, and taken from by every machine."),
        Key("sockets", .text(.path), "Folder for unix sockets when the project's path is too long for them."),
    ]

    private static let database = [
        Key(
            "engine", .choice(Environment.Database.Engine.allCases.map(\.rawValue), later: []),
            "The database's product; mysql is also MariaDB.", required: true),
        Key("file", .text(.relativePath), "SQLite: the file, relative to the environment's shared folder."),
        Key("host", .text(.host), "Host of a database server."),
        Key("port", .integer(1...65_535), "Port of a database server."),
        Key("name", .text(.resource), "Name of the database on its server."),
        Key("user", .text(.resource), "User on the database server."),
        Key("password", secret, "Where the user's password is to be found."),
        Key(
            "admin", .object(admin),
            "Who may create, copy and rename databases; the user itself unless set."),
        Key("service", .text(.name), "Compose: the data service the server runs in."),
        Key(
            "fresh",
            .object(fresh),
            "Each deployment starts from a database of its own; not for an environment that is promoted to."),
    ]

    private static let fresh = [
        Key(
            "from", .text(.freshSource),
            "What fills it before the migrations: migrations for nothing, a SQL file of the release, or an"
                + " environment's newest proved backup.", required: true),
        Key(
            "mask", .list(of: .text(.sqlPath), least: 0),
            "SQL files of the release that run, in order, on a copy of that backup."),
        Key(
            "masked", .list(of: .text(.column), least: 0),
            "Columns no value of which may survive the mask; [] lets real data come as it is."),
    ]

    private static let admin = [
        Key("user", .text(.resource), "Name of the administrator; root or postgres unless set."),
        Key("password", secret, "Where the administrator's password is to be found."),
    ]

    static let secret = Shape.exactlyOne([
        Key("env", .text(.variable), "A variable of deployctl's own environment."),
        Key("file", .text(.secretPath), "A file only its owner may read."),
        Key("command", arguments, "A program that prints the secret."),
    ])

    private static let confirmation = [
        Key("phrase", .text(.phrase), "What is typed; CONFIRM unless set."),
        Key(
            "nonInteractive",
            .choice(Environment.Confirmation.NonInteractive.allCases.map(\.rawValue), later: []),
            "What --confirm carries where no terminal is: the phrase, the plan's id, or never enough."),
    ]
}
