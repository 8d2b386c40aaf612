/// Why the container engine did not answer, in words a person can act on.
struct EngineSilence {
    /// Of a program that asked it.
    let result: CommandResult

    var error: DeployError {
        if case .notStarted = result.ending {
            return DeployError(
                .stepFailed, what: "The container engine cannot be asked", why: "docker is not installed",
                next: "apt-get install docker.io")
        }
        return DeployError(
            .stepFailed, what: "The container engine does not answer", why: why, next: next)
    }

    /// The engine's address is kept from the sentence that wraps it in the address of the question.
    private var why: String {
        guard let place else { return result.explanation }
        return isClosed ? "this account may not use \(place)" : "nothing answers at \(place)"
    }

    private var next: String {
        guard place != nil else { return "deployctl doctor" }
        return isClosed
            ? "usermod -aG docker \"$USER\" as root, then log in anew" : "systemctl start docker"
    }

    private var isClosed: Bool { result.errors.holds("permission denied") }

    /// The socket that nobody, or nobody else, may use; nil where the engine says something else.
    private var place: String? {
        let said = result.errors.cut(at: "daemon socket at ") ?? result.errors.cut(at: "Docker daemon at ")
        guard let place = said?.after.words.first else { return nil }
        return Shown.text(String(place.before(".") ?? place.before(":") ?? place))
    }
}
