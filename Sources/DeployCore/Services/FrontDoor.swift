import FoundationEssentials

/// Asks an environment the way its users do, and says which instance answered.
struct FrontDoor: Sendable {
    private let layout: Layout

    init(layout: Layout) { self.layout = layout }

    private var environment: Environment { layout.environment }

    /// The public address, or the door inside where that would ask deployctl for a password; nil when the environment
    /// has no port.
    var address: ServiceAddress? {
        if environment.isAskedInside { return .socket(layout.insideDoor) }
        if environment.tls == nil || environment.tls?.redirect == false, let port = environment.ports["http"]
        {
            return .port(port)
        }
        if let port = environment.ports["https"] { return .tls(port) }
        if let port = environment.ports["http"] { return .port(port) }
        return environment.services.filter { $0.role != .data }.compactMap {
            environment.ports[$0.definedName]
        }
        .first.map { .port($0) }
    }

    /// A health path that is reachable from outside, else `/`.
    var path: String { asked?.path ?? "/" }

    /// Whose health path is asked, and its public address.
    private var asked: (service: Service, path: String)? {
        let routes = environment.services.first { $0.role == .edge }?.routes
        for service in environment.services where service.role == .app {
            guard let health = service.health?.path else { continue }
            guard let routes else { return (service, health) }
            for address in routes.compactMap({ $0.address(of: health, in: service.definedName) }) {
                let routed = routes.filter { $0.has(address) }.max { $0.path.count < $1.path.count }
                if routed?.address(of: health, in: service.definedName) == address {
                    return (service, address)
                }
            }
        }
        return nil
    }

    /// A health path says that all is well; of `/` that an application has, only that it does not fail; files are
    /// there or not.
    private func isGood(_ answer: CurlCommands.Answer, at path: String) -> Bool {
        guard path == "/" else { return answer.isGood }
        let edge = environment.services.first { $0.role == .edge }
        if case .folder? = edge?.routes.first(where: { $0.path == "/" })?.target {
            return answer.status < 400
        }
        return answer.status < 500
    }

    /// One call that asks this often; nil when the environment has no port.
    func request(times: Int = 1) -> CommandRequest? {
        address.map {
            .probe(
                at: $0.place, path: path,
                headers: VisitorHeaders(environment: environment).headers(for: asked?.service),
                times: times)
        }
    }

    /// What is started for `request`.
    func programs(times: Int = 1) -> [ProgramCall] { request(times: times).map { [$0.command].calls } ?? [] }

    /// nil when every answer is good and, behind an edge, comes from `instance`; otherwise what is wrong.
    func complaint(
        about result: CommandResult, expecting times: Int = 1, from instance: String
    ) -> String? {
        let answers = CurlCommands.answers(result.output)
        guard result.succeeded, answers.count >= times else { return "no answer: \(result.explanation)" }
        for answer in answers {
            guard isGood(answer, at: path) else { return "\(path) answers \(answer.status)" }
            if environment.runtime.strategy == .blueGreen, answer.instance != instance {
                return
                    "\(answer.instance.map { "deployment \($0)" } ?? "something else") answers instead of \(instance)"
            }
        }
        return nil
    }
}
