import DeployCore
import FoundationEssentials

extension Verb {
    static let hooksInstall = Verb(
        "hooks install", .setUp, summary: "Let git deploy each commit to staging",
        paragraph: """
            Writes a post-commit hook that runs `deployctl staging --detach`, or with --server the post-receive hook \
            of a bare repository. A hook that is there already is never overwritten. With --ci a workflow is printed.
            """,
        examples: ["deployctl hooks install", "deployctl hooks install --ci github"],
        flags: [
            Flag("server", "Write post-receive for the bare repository that the source names"),
            Flag("ci", value: .choice(["github", "gitlab"]), "Print a workflow instead of writing a hook"),
        ],
        dryRun: true, exits: [.invalidDefinition, .stepFailed, .notFound],
        body: .inProject(HooksCommand.install))
}

/// `hooks install`: staging follows git.
struct HooksCommand: ProjectCommand {
    let context: CommandContext

    struct Answer: Encodable, Sendable {
        let hook: String
        let written: Bool
    }

    func install() throws(DeployError) -> ExitCode {
        switch context.invocation.text("ci") {
        case "github":
            context.streams.output.write(HookText.github)
            return .done
        case "gitlab":
            context.streams.output.write(HookText.gitlab)
            return .done
        default: break
        }
        let isServer = context.invocation.has("server")
        let environment = try context.definitions.load("staging")
        let repository = context.workspace.site(environment).layout
            .absolute(environment.source.repository)
        try refuseWrongRepository(repository, isServer: isServer)
        let text = HookText(program: program, project: context.project)
        let path = "\(try folder(repository))/\(isServer ? "post-receive" : "post-commit")"
        let isNew = try write(isServer ? text.postReceive : text.postCommit, to: path)
        try context.answer(Answer(hook: path, written: isNew && !isTried)) {
            isNew ? "\(isTried ? "Would write" : "Wrote") \(path)\n" : "\(path) is up to date\n"
        }
        return .done
    }

    private var isTried: Bool { context.invocation.globals.dryRun }

    /// Only a hook of our own is ever replaced.
    private func write(_ text: String, to path: String) throws(DeployError) -> Bool {
        let files = context.ports.files
        if files.kind(of: path) != nil {
            let present = try files.read(path).map { String(decoding: $0, as: UTF8.self) } ?? ""
            guard files.kind(of: path) == .file, present.contains(HookText.mark) else {
                throw DeployError(
                    .stepFailed, what: "There is a hook already", why: "\(path) was not written by deployctl",
                    next: "add this line to it: \(text.lines.last ?? "")")
            }
            if present == text { return false }
        }
        guard !isTried else { return true }
        let audit = context.deployer.audit
        try audit.around(audit.entry(.hook, on: path)) { () throws(DeployError) in
            try place(text, at: path)
        }
        return true
    }

    private func place(_ text: String, at path: String) throws(DeployError) {
        let files = context.ports.files
        try files.makeFolder(Self.parent(path))
        try files.publish(Data(text.utf8), to: path)
        let result = context.ports.commands.run(CommandRequest(Command("chmod", ["755", path])))
        guard result.succeeded else {
            throw DeployError(
                .stepFailed, what: "\(path) cannot be made executable", why: result.explanation,
                next: "chmod 755 \(path)")
        }
    }

    private func refuseWrongRepository(_ repository: String, isServer: Bool) throws(DeployError) {
        let result = git(repository, "rev-parse", "--is-bare-repository")
        let isBare = result.output.begins(with: "true")
        guard result.succeeded, isBare == isServer else {
            throw DeployError(
                result.succeeded ? .usage : .notFound,
                what: result.succeeded
                    ? "\(repository) is \(isBare ? "" : "not ")a bare repository"
                    : "No repository \(repository)",
                why: result.succeeded
                    ? isServer
                        ? "nobody pushes to one with a working tree" : "nobody commits in a bare repository"
                    : result.explanation,
                next: isServer
                    ? "name the bare repository in \"source\": {\"repository\": …}"
                    : isBare ? "deployctl hooks install --server" : "git init")
        }
    }

    /// Where git looks for hooks, which a project may have moved.
    private func folder(_ repository: String) throws(DeployError) -> String {
        let result = git(repository, "rev-parse", "--path-format=absolute", "--git-path", "hooks")
        guard result.succeeded else {
            throw DeployError(
                .stepFailed, what: "git does not say where its hooks are", why: result.explanation,
                next: "git rev-parse --git-path hooks")
        }
        return String(result.output.firstLine)
    }

    private func git(_ repository: String, _ arguments: String...) -> CommandResult {
        context.ports.commands.run(CommandRequest(Command("git", ["-C", repository] + arguments)))
    }

    private var program: String { context.ports.files.linkTarget("/proc/self/exe") ?? "deployctl" }

    private static func parent(_ path: String) -> String {
        path.split(at: "/").dropLast().reduce("") { "\($0)/\($1)" }
    }
}
