import DeployCore
import FoundationEssentials
import Glibc

/// Secrets from this process's environment, from private files and from the operator's own commands.
public struct LocalSecretStore: SecretStore {
    private static let limit = 1 << 16
    /// What the usual secret managers need to know; no other child gets it.
    private static let managers = [
        "VAULT_", "AWS_", "AZURE_", "GOOGLE_", "CLOUDSDK_", "OP_", "BW_", "SOPS_", "DOPPLER_", "INFISICAL_",
        "PASSWORD_STORE_", "GNUPGHOME", "GPG_", "AGE_", "XDG_", "DBUS_SESSION_BUS_ADDRESS",
    ]

    private let project: String
    private let commands: any CommandRunner
    private let deadline: Duration
    private let environment: [String: String]

    public init(
        project: String, commands: any CommandRunner, deadline: Duration = .seconds(30),
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.project = project
        self.commands = commands
        self.deadline = deadline
        self.environment = environment
    }

    public func fetch(_ source: SecretSource, named name: String) throws(DeployError) -> Secret {
        let value =
            switch source {
            case .environment(let variable): try fromEnvironment(variable, name)
            case .file(let path): try fromFile(path.begins(with: "/") ? path : "\(project)/\(path)", name)
            case .command(let vector): try fromCommand(vector, name)
            }
        guard !value.isEmpty else { throw refusal(name, "is empty", source.place, "put a value there") }
        guard value.utf8.count <= Self.limit, !value.utf8.contains(0) else {
            throw refusal(
                name, "cannot be used", "\(source.place) gives more than 64 KiB or a NUL byte",
                "put another value there")
        }
        return Secret(value)
    }

    private func fromEnvironment(_ variable: String, _ name: String) throws(DeployError) -> String {
        guard let value = environment[variable] else {
            throw refusal(
                name, "is missing", "\(variable) is not in the environment",
                "export \(variable), then run this again")
        }
        return value
    }

    private func fromFile(_ path: String, _ name: String) throws(DeployError) -> String {
        guard let file = Descriptor.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK),
            let information = file.information
        else {
            let why = errno == ELOOP ? "it is a symbolic link" : String(cString: strerror(errno))
            throw refusal(
                name, "is missing", "\(path) cannot be opened: \(why)", "write it to \(path) with mode 0600")
        }
        guard information.st_mode & S_IFMT == S_IFREG else {
            throw refusal(
                name, "is missing", "\(path) is not a regular file", "write it to a file with mode 0600")
        }
        guard information.st_uid == geteuid() else {
            throw refusal(
                name, "is not safe", "\(path) belongs to another user", "chown \(geteuid()) \(path)")
        }
        guard information.st_mode & 0o7177 == 0 else {
            throw refusal(
                name, "is not safe", "\(path) may be used by others than its owner", "chmod 600 \(path)")
        }
        if let stranger = Ownership.allowed.stranger(on: path) {
            throw refusal(
                name, "is not safe", "\(stranger.path) \(stranger.why)",
                "take it over with chown and chmod go-w, or move the secret")
        }
        guard let bytes = file.readAll() else {
            throw refusal(
                name, "is missing", "\(path) cannot be read: \(String(cString: strerror(errno)))",
                systemAdvice(for: errno, path))
        }
        return try text(bytes, name, path)
    }

    private func fromCommand(_ vector: [String], _ name: String) throws(DeployError) -> String {
        guard let command = Command(vector: vector) else {
            throw refusal(
                name, "is missing", "its command is empty", "write the command as an argument vector")
        }
        let known = environment.filter { entry in Self.managers.contains { entry.key.begins(with: $0) } }
        let request = CommandRequest(
            command, in: project, environment: known, deadline: deadline, outputLimit: 4 * Self.limit)
        let result = commands.run(request)
        guard result.succeeded else {
            throw refusal(
                name, "is missing", "\(command.program) \(result.ending.words)", "run \(command) and see why")
        }
        return try text(Array(result.output.utf8), name, "the output of \(command.program)")
    }

    /// The bytes without one trailing newline.
    private func text(_ bytes: [UInt8], _ name: String, _ place: String) throws(DeployError) -> String {
        let value = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
        guard let text = String(validating: value, as: UTF8.self) else {
            throw refusal(name, "cannot be used", "\(place) is not UTF-8", "put a text value there")
        }
        return text
    }

    private func refusal(_ name: String, _ failure: String, _ why: String, _ next: String) -> DeployError {
        DeployError(.invalidDefinition, what: "the secret \(name) \(failure)", why: why, next: next)
    }
}

extension CommandResult.Ending {
    fileprivate var words: String {
        switch self {
        case .exited(let status): "ended with status \(status)"
        case .signalled(let signal): "was ended by signal \(signal)"
        case .timedOut: "did not answer in time"
        case .interrupted: "was interrupted"
        case .notStarted(let reason): "was not started: \(reason)"
        case .unanswered(let reason): reason
        }
    }
}
