import DeployCore
import FoundationEssentials

/// Which machine is meant, whom ssh logs in there, and what it is to become.
struct ServerVisit {
    let place: ServerPlace
    let preparation: ServerPreparation

    /// - Throws: `.usage` where no machine is named, what ``FarSilence`` says where it cannot be reached.
    init(_ context: CommandContext) throws(DeployError) {
        let environments = try context.allEnvironments()
        let choice = try Self.choice(context)
        let target = choice.address.target
        let silence: @Sendable (CommandResult) -> DeployError = { result in
            if result.ending == .interrupted, let code = context.ports.interruption.requested() {
                return DeployError(
                    code, what: "\(target) was not asked to the end", why: "interrupted",
                    next: "the same command again")
            }
            return FarSilence(address: choice.address, source: choice.place).error(result)
        }
        let login = try ServerPreparation.login(context.ports, target: target, silence: silence)
        let serving = try? FarChoice(context: context).named()?.address
        let own = context.invocation.text("account") ?? (serving ?? choice.address).text.account
        let account = own ?? (login.isRoot ? "deploy" : login.name)
        let isRootMeant = account == "root" && login.isRoot && context.invocation.text("account") == nil
        place = try ServerPlace(
            target, account: isRootMeant ? "deploy" : account, folder: (serving ?? choice.address).folder,
            needs: ServerNeeds(environments))
        let boot = Self.boot(context, place)
        preparation = ServerPreparation(
            context.ports, place, login: login, program: try Self.program(context),
            version: ServerVersion(
                version: CLI.version, commit: context.build.commit, schema: context.build.schema), boot: boot,
            silence: silence)
    }

    /// The operand, or where commands run anyway.
    private static func choice(_ context: CommandContext) throws(DeployError) -> FarChoice.Choice {
        let far = FarChoice(context: context)
        if let typed = context.invocation.host { return try far.typed(typed) }
        if let named = try far.named() { return named }
        throw .usage(
            "no machine is named",
            why: "neither here, nor by DEPLOYCTL_HOST, nor as \"host\" in a definition",
            next: "deployctl server prepare root@HOST")
    }

    private static func program(_ context: CommandContext) throws(DeployError) -> ServerPlan.Program {
        guard let named = context.invocation.text("package") else { return .binary(context.program) }
        let path = named.begins(with: "/") ? named : "\(context.workingFolder)/\(named)"
        guard context.ports.files.kind(of: path) == .file else {
            throw DeployError(
                .usage, what: "There is no file \(Shown.text(named))",
                why: "--package names a Debian package here",
                next: "make package prints where it is")
        }
        return .package(path)
    }

    /// nil while no commit has definitions to bring.
    private static func boot(_ context: CommandContext, _ place: ServerPlace) -> Command? {
        let folder = context.invocation.globals.environments
        let asked = context.ports.commands.run(
            CommandRequest(
                Command(
                    "git", ["-C", context.project, "ls-tree", "--name-only", "HEAD", "--", "\(folder)/"]),
                deadline: .seconds(20)))
        guard asked.succeeded, !asked.output.trimmed.isEmpty else { return nil }
        return Command(
            context.program,
            ["boot", "install", "--host=\(place.address)", "--project=\(context.project)"]
                + (context.invocation.has("environments") ? ["--environments=\(folder)"] : []))
    }
}

extension String {
    /// The account before an `@`; nil where there is none.
    fileprivate var account: String? { cut(at: "@").map { String($0.before) } }
}
