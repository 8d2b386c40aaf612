import DeployCore
import FoundationEssentials

extension Verb {
    private static let message = Flag(
        "message", short: "m", value: .text("WHY"), "Why, shown to whoever meets the lock")

    static let lockShow = Verb(
        "lock show", .operate, operands: [.environment.optional],
        summary: "Show who holds an environment",
        paragraph: "Shows whether a run or a person holds an environment, since when and why.",
        examples: ["deployctl lock show", "deployctl lock show production"],
        flags: [.environment], exits: [.invalidDefinition, .notFound],
        body: .inProject(LockCommands.show))

    static let lockAcquire = Verb(
        "lock acquire", .operate, operands: [.environment],
        summary: "Hold an environment so that nobody deploys to it",
        paragraph:
            "Takes a person's hold on an environment; deployments are refused with exit code 11 until it is released.",
        examples: ["deployctl lock acquire production -m stocktaking", "deployctl lock acquire staging"],
        flags: [.environment, message], exits: [.invalidDefinition, .locked, .notFound],
        body: .inProject(LockCommands.acquire))

    static let lockRelease = Verb(
        "lock release", .operate, operands: [.environment],
        summary: "Release a person's hold on an environment",
        paragraph:
            "Releases a hold taken with `deployctl lock acquire`; a run's own lock ends with the run.",
        examples: ["deployctl lock release production", "deployctl lock release staging -m done"],
        flags: [.environment, message], exits: [.invalidDefinition, .locked, .notFound],
        body: .inProject(LockCommands.release))
}

/// A person's hold on an environment, and who runs now.
struct LockCommands: ProjectCommand {
    let context: CommandContext

    struct Answer: Encodable, Sendable {
        struct Place: Encodable, Sendable {
            let environment: String
            @OrNull var run: String?
            @OrNull var hold: HoldAnswer?
        }
        struct HoldAnswer: Encodable, Sendable {
            let performer: String
            let reason: String
            let since: Date
        }
        let locks: [Place]
    }

    func show() throws(DeployError) -> ExitCode {
        var places: [Answer.Place] = []
        for environment in try context.environments() {
            let hold = try context.ports.state.hold(on: environment.name)
            places.append(
                Answer.Place(
                    environment: environment.name,
                    run: EnvironmentLock(context.workspace).holder(
                        of: environment.name),
                    hold: hold.map {
                        Answer.HoldAnswer(performer: $0.performer, reason: $0.reason, since: $0.since)
                    }))
        }
        try context.answer(Answer(locks: places)) { places.map(line).joined() }
        return .done
    }

    private func line(_ place: Answer.Place) -> String {
        var said: [String] = []
        if let run = place.run { said.append("run: \(run)") }
        if let hold = place.hold {
            said.append("held by \(hold.performer) since \(UTC.rfc3339(hold.since)): \(hold.reason)")
        }
        return InertText.line("\(place.environment): \(said.isEmpty ? "free" : said.joined(separator: "; "))")
            + "\n"
    }

    func acquire() throws(DeployError) -> ExitCode {
        let environment = try context.environment()
        let hold = Hold(
            environment: environment.name, performer: context.origin.performer,
            reason: context.invocation.text("message") ?? "no reason was given",
            since: context.ports.clock.now())
        var entry = context.deployer.audit.entry(.hold, in: environment.name)
        entry.reason = hold.reason
        let lock = EnvironmentLock(context.workspace)
        try lock.makeToolFolder()
        try lock.refuseHeld(environment.name)
        try context.deployer.audit.record(entry) { () throws(DeployError) in
            if try !context.ports.state.take(hold) { try lock.refuseHeld(environment.name) }
        }
        context.say(
            "\(environment.name) is held. Release it with: deployctl lock release \(environment.name)\n")
        return .done
    }

    func release() throws(DeployError) -> ExitCode {
        let environment = try context.environment()
        guard let hold = try context.ports.state.hold(on: environment.name) else {
            context.say("Nobody holds \(environment.name).\n")
            return .done
        }
        try context.deployer.refuseHook(in: environment.name)
        var entry = context.deployer.audit.entry(.endHold, in: environment.name)
        entry.reason = context.invocation.text("message") ?? context.invocation.globals.reason
        try context.deployer.audit.record(entry) { () throws(DeployError) in
            try context.ports.state.releaseHold(on: environment.name)
        }
        context.say(
            InertText.line(
                "\(environment.name) is free; \(hold.performer) held it since \(UTC.rfc3339(hold.since)).")
                + "\n")
        return .done
    }
}
