/// One change on a machine: what is said of it, and what is started for it.
public struct ServerStep: Hashable, Sendable {
    public enum Work: Hashable, Sendable {
        /// There, within this time.
        case run(FarCommand, Duration = .seconds(120))
        /// There, reading this text.
        case write(String, FarCommand)
        /// There, reading a file of this machine.
        case send(file: String, FarCommand)
        /// Here.
        case here(Command)
        /// There; where it fails, the next may do without it.
        case tryTo(FarCommand, Duration = .seconds(300))
        /// There, as ``tryTo(_:_:)``; what the step is has to be agreed to anew where it is more than before.
        case learn(FarCommand, Duration = .seconds(300))
    }

    public let id: String
    /// An imperative without a full stop.
    public let title: String
    public let work: [Work]
    /// What removes what it leaves where it fails; nil where it leaves nothing.
    var sweep: FarCommand?
    /// Packages it installs.
    var installs: [String] = []

    /// Whether somebody who agreed to the other agreed to this: it is the same, or installs less.
    func isCovered(by approved: ServerStep) -> Bool {
        if title == approved.title { return true }
        return id == approved.id && !approved.installs.isEmpty
            && installs.allSatisfy { name in approved.installs.contains { $0 == name } }
    }

    /// As they are typed by that login.
    public func commands(by login: ServerLogin) -> [Command] {
        work.map { work in
            switch work {
            case .run(let command, _), .write(_, let command), .send(_, let command), .tryTo(let command, _),
                .learn(let command, _):
                command.typed(by: login)
            case .here(let command): command
            }
        }
    }

    func needsRoot(of login: ServerLogin) -> Bool {
        work.contains { work in
            switch work {
            case .run(let command, _), .write(_, let command), .send(_, let command), .tryTo(let command, _),
                .learn(let command, _):
                command.needsRoot(of: login)
            case .here: false
            }
        }
    }
}

/// One thing that a server has to have: what was found, and the step that gives it; nil where it is there.
public struct ServerItem: Hashable, Sendable {
    public let id: String
    public let found: String
    /// What gives it; nil where it is there, or no step can.
    public let step: ServerStep?
    /// What a person has to do where no step does it; nil where nothing has to be done.
    public var remedy: String?

    public var isThere: Bool { step == nil && remedy == nil }

    static func there(_ id: String, _ found: String) -> ServerItem {
        ServerItem(id: id, found: found, step: nil)
    }

    static func lacking(
        _ id: String, _ found: String, _ title: String, _ work: [ServerStep.Work],
        sweep: FarCommand? = nil, installs: [String] = []
    ) -> ServerItem {
        ServerItem(
            id: id, found: found,
            step: ServerStep(id: id, title: title, work: work, sweep: sweep, installs: installs))
    }
}
