import FoundationEssentials

/// Sets, lists and removes the values that definitions ask for; none of them is ever shown or written down elsewhere.
public struct Secrets: Sendable {
    private let deployer: Deployer
    private let environment: Environment

    public init(_ deployer: Deployer, environment name: String) throws(DeployError) {
        self.deployer = deployer
        environment = try deployer.definitions.load(name)
    }

    private var workspace: Workspace { deployer.workspace }
    private var ports: Ports { deployer.ports }
    private var keyed: KeyedDigest {
        KeyedDigest(files: ports.files, path: Layout.secretKey(workspace.project))
    }

    /// Bytes a value may have.
    public static let limit = 1 << 16

    /// The file that a secret is kept in, relative to the project where it is not absolute.
    ///
    /// - Throws: `.notFound` for a name that no definition asks for, `.invalidDefinition` where the value does not come from a
    ///   file, where git has that file, or somebody else may change it.
    public func file(of name: String) throws(DeployError) -> String {
        guard let source = environment.secretsToSet[name] else { throw unknown(name) }
        guard case .file(let path) = source else {
            throw DeployError(
                .invalidDefinition, what: "\(name) of \(environment.name) is kept elsewhere",
                why: "the definition takes it from \(source.place); nothing was changed",
                next:
                    "put the value there, or write {\"file\": \".secrets/\(environment.name)/\(name)\"} in the definition"
            )
        }
        try TrackedSecrets(workspace).refuse([environment])
        let place = absolute(path)
        try ports.files.refuseStranger(on: place)
        guard ports.files.permissions(of: place)?.ownedByUser ?? true else {
            throw DeployError(
                .invalidDefinition, what: "\(Shown.text(path)) belongs to another user",
                why: "services of this one could not read what is put there; nothing was changed",
                next: "log in as its owner")
        }
        return path
    }

    /// Gives it this value, from the next start of what reads it; the fingerprint.
    ///
    /// - Throws: `.usage` for what cannot be a value; as `file(of:)`.
    public func set(_ name: String, to bytes: [UInt8]) throws(DeployError) -> SecretState {
        let path = try file(of: name)
        let value = try Self.value(bytes, of: name)
        try deployer.refuseHook(in: environment.name)
        try prepareKey()
        let entry = deployer.audit.entry(.setSecret, in: environment.name, on: name)
        return try deployer.audit.around(entry) { () throws(DeployError) -> SecretState in
            try ports.files.makeFolder(Path.parent(absolute(path)))
            try ports.files.publish(Data(value.utf8), to: absolute(path))
            let read = try ports.secrets.fetch(.file(path), named: name)
            guard read.exposed.utf8.elementsEqual(value.utf8) else {
                throw DeployError(
                    .stepFailed, what: "\(name) did not get its value",
                    why: "\(Shown.text(path)) reads otherwise",
                    next: "deployctl secret list \(environment.name)")
            }
            return state(name, .file(path))
        }
    }

    /// Other names that have their value from the same file, as in `production's JWT`.
    public func sharers(of name: String) throws(DeployError) -> [String] {
        guard case .file(let path)? = environment.secretsToSet[name] else { return [] }
        var found: [String] = []
        for other in deployer.definitions.names() {
            guard let asked = try? deployer.definitions.load(other) else { continue }
            for (key, source) in asked.secretsToSet.sorted(by: { $0.key < $1.key }) {
                guard case .file(let own) = source, absolute(own) == absolute(path) else { continue }
                if other != environment.name || key != name { found.append("\(other)'s \(key)") }
            }
        }
        return found
    }

    /// Every one that is asked for, and files beside them that nobody asks for; by name.
    public func all() throws(DeployError) -> [SecretState] {
        try prepareKey()
        let asked = environment.secretsToSet.sorted { $0.key < $1.key }.map { state($0.key, $0.value) }
        return asked + unused()
    }

    /// Whether the definition, as it is written or was deployed, asks for it.
    public func isAsked(_ name: String) -> Bool {
        let deployed = try? deployer.deployedDefinitions.load(environment.name)
        return [environment, deployed].contains { $0?.secretsToSet[name] != nil }
    }

    /// - Throws: `.notFound` where there is no such file.
    public func remove(_ name: String) throws(DeployError) {
        let path: String
        if let unused = unusedFile(name) { path = unused } else { path = try file(of: name) }
        guard ports.files.kind(of: absolute(path)) == .file else {
            throw DeployError(
                .notFound, what: "\(name) of \(environment.name) has no value",
                why: "there is no file \(Shown.text(path))", next: "deployctl secret list \(environment.name)"
            )
        }
        try deployer.refuseHook(in: environment.name)
        let entry = deployer.audit.entry(.removeSecret, in: environment.name, on: name)
        try deployer.audit.around(entry) { () throws(DeployError) in try ports.files.remove(absolute(path)) }
    }

    private func prepareKey() throws(DeployError) {
        try EnvironmentLock(workspace).makeToolFolder()
        try keyed.prepare()
    }

    private func unusedFile(_ name: String) -> String? {
        guard let folder, unused().contains(where: { $0.name == name }) else { return nil }
        return "\(folder)/\(name)"
    }

    private func state(_ name: String, _ source: SecretSource) -> SecretState {
        var state = SecretState(name: name, standing: .set, place: source.place)
        if case .file(let path) = source { state.changed = ports.files.lastChange(of: absolute(path)) }
        do throws(DeployError) {
            state.fingerprint = mark(of: try ports.secrets.fetch(source, named: name))
        } catch {
            (state.standing, state.obstacle) = (.missing, workspace.site(environment).settable(error, source))
        }
        return state
    }

    private func mark(of secret: Secret) -> String? {
        let digest = (try? keyed.digest(of: secret.exposed)) ?? nil
        return digest.map { String($0.prefix(12)) }
    }

    /// The folder that holds only secrets of this environment, where the definition keeps them in one.
    private var folder: String? {
        let paths = environment.secretsToSet.values.compactMap { source in
            if case .file(let path) = source { path } else { nil }
        }
        let folders = Set(paths.map(Path.parent))
        return folders.first { Path.name($0) == environment.name }
    }

    private func unused() -> [SecretState] {
        guard let folder else { return [] }
        let paths = Set(
            environment.secretsToSet.values.compactMap { source in
                if case .file(let path) = source { absolute(path) } else { nil }
            })
        return ports.files.names(in: absolute(folder)).filter { name in
            let path = absolute("\(folder)/\(name)")
            return !name.begins(with: ".") && !paths.contains(path) && ports.files.kind(of: path) == .file
        }.map { name in
            var state = self.state(name, .file("\(folder)/\(name)"))
            (state.standing, state.obstacle) = (.unused, nil)
            return state
        }
    }

    private func absolute(_ path: String) -> String {
        path.begins(with: "/") ? path : "\(workspace.project)/\(path)"
    }

    private func unknown(_ name: String) -> DeployError {
        let names = environment.secretsToSet.keys.sorted()
        let nearest = Nearest.word(to: name, in: names)
        return DeployError(
            .notFound, what: "\(environment.name) asks for no secret \(Shown.text(name))",
            why: names.isEmpty
                ? "its definition names none"
                : nearest.map { "the nearest is \($0)" }
                    ?? "its definition asks for \(names.map { Shown.text($0) }.joined(separator: ", "))",
            next:
                "deployctl secret list \(environment.name), or write it into \"secrets\" of environments/\(environment.name).json"
        )
    }

    /// The bytes without one line feed at the end, as the file will be read.
    private static func value(_ bytes: [UInt8], of name: String) throws(DeployError) -> String {
        let rest = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
        guard !rest.isEmpty else { throw refusal(name, "an empty value is none") }
        guard rest.count <= limit, !rest.contains(0) else {
            throw refusal(name, "it is more than 64 KiB, or holds a NUL byte")
        }
        guard let text = String(validating: rest, as: UTF8.self) else {
            throw refusal(name, "it is not UTF-8")
        }
        return text
    }

    private static func refusal(_ name: String, _ why: String) -> DeployError {
        DeployError(
            .usage, what: "\(name) cannot have this value", why: "\(why); nothing was changed",
            next: "deployctl help secret set")
    }
}
