/// How a service of an instance ended, and why as far as the machine shows it.
struct ServiceEnding {
    let context: StepContext
    let running: RunningService
    let instance: String

    private var processes: any ProcessTable { context.ports.processes }

    /// Such as `process 12 ended with exit status 1; port 8080 is held by another program, process 9 (nginx)`.
    var words: String {
        let how = context.ports.words(forEndingOf: running)
        let ended = "\(running.body) ended\(how.map { " \($0)" } ?? "")"
        guard let left = inBackground else { return holder.map { "\(ended); \($0)" } ?? ended }
        return "\(ended) and left \(processes.named(left)) running in the background"
    }

    /// What to write instead; nil where that cannot be said.
    var next: String? {
        inBackground.map { _ in
            "have it stay in the foreground, as with --no-daemon, --foreground or without & in services.\(running.name).command: what has ended cannot be looked after"
        }
    }

    private var ending: ProcessEnding? { running.runtime?.ending(of: running, on: context.ports) }

    /// The oldest process that goes on where the one that was started ended well, as one does that becomes a daemon.
    private var inBackground: ProcessIdentity? {
        guard ending == .status(0), running.runtime?.leaders(of: [running]).isEmpty == false,
            let record = context.site.records.read(instance)
        else { return nil }
        let known = record.processes(but: running.name)
        return processes.members(ofInstance: context.layout.instance(instance)).filter { process in
            !known.contains { process == $0 || processes.isMember(process, ofSession: $0) }
        }.min { ($0.started, $0.pid) < ($1.started, $1.pid) }
    }

    /// Who has the port that it was told to listen on; nil where that is nobody.
    private var holder: String? {
        guard case .port(let port) = running.address, let runtime = running.runtime,
            runtime.listeners(of: running, on: context.ports) != nil,
            processes.use(ofPort: port) == .listening
        else { return nil }
        return runtime.stranger(onPort: port, insteadOf: running, on: context.ports)
            ?? "port \(port) is held by a program of another account"
    }
}
