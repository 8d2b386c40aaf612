import DeployCore
import FoundationEssentials

/// Records what a command refused, and sends what waits, after whatever it did; nothing of that changes how it ends.
struct NoticeDuty {
    let context: CommandContext

    /// Whoever waits for a command waits for other machines no longer than this.
    private static let limit = Duration.seconds(10)

    func around(_ work: (CommandContext) throws(DeployError) -> ExitCode) throws(DeployError) -> ExitCode {
        do throws(DeployError) {
            let code = try work(context)
            send()
            return code
        } catch {
            record(error)
            send()
            throw error
        }
    }

    private var isSilent: Bool {
        let verb = context.invocation.verb
        return context.invocation.has("dry-run") || verb.group == .look || verb.group == .setUp
            || ["notifications", "ack", "status"].contains(verb.path.first ?? "")
            || context.ports.files.kind(of: Layout.state(context.project)) == nil
    }

    private func record(_ error: DeployError) {
        let verb = context.invocation.verb.path
        guard !isSilent, ["staging", "production", "rollback"].contains(verb.first ?? "") else { return }
        let name = context.invocation.environment ?? (verb[0] == "staging" ? verb[0] : "production")
        let kind: Event.Kind? =
            switch error.code {
            case .gateRefused: .refused
            case .needsPerson: .needsPerson
            default: nil
            }
        guard let kind, let detail = try? JSON.text(error) else { return }
        // Of a run whose end is on record, the state has told itself.
        let unfinished = (try? context.ports.state.unfinished(in: name)) ?? nil
        guard kind == .refused || unfinished != nil else { return }
        _ = try? context.ports.state.record(
            Event(
                kind, in: name, on: unfinished.map { "\($0.timestamp)" } ?? "",
                at: context.ports.clock.now(), detail: detail))
    }

    private func send() {
        guard !isSilent else { return }
        _ = try? NoticeOffice(context.workspace, definitions: context.definitions).work(within: Self.limit)
    }
}
