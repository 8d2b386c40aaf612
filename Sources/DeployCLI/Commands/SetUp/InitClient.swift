import DeployCore
import FoundationEssentials

/// `init --client`: a script with four words, for machines where deployctl does not run.
struct InitClient {
    let context: CommandContext

    struct Answer: Encodable, Sendable {
        let path, text: String
        let written: Bool
    }

    func run() throws(DeployError) -> ExitCode {
        guard let address = try FarChoice(context: context).named()?.address else {
            throw .usage(
                "a client needs a machine to talk to",
                why: "none is named by --host, by DEPLOYCTL_HOST, or as \"host\" in a definition",
                next: "deployctl init --client --host deploy@HOST")
        }
        let project = try context.definitions.farWords().project ?? "project"
        let text = ClientText(
            project: project, target: address.target, folder: address.folder(of: project),
            prefix: CommitTransfer(context.workspace).prefix
        ).script
        let path = "\(context.project)/deploy"
        let isTried = context.invocation.globals.dryRun
        let isNew = try refuseOther(path, text)
        if isNew, !isTried { try write(text, to: path) }
        try context.answer(Answer(path: path, text: text, written: isNew && !isTried)) {
            isTried ? text : "\(isNew ? "wrote" : "up to date:") deploy\nnext: ./deploy status\n"
        }
        return .done
    }

    /// Whether it is to be written; only a script of our own is ever replaced.
    private func refuseOther(_ path: String, _ text: String) throws(DeployError) -> Bool {
        let files = context.ports.files
        guard let kind = files.kind(of: path) else { return true }
        let present =
            kind == .file ? try files.read(path).map { String(decoding: $0, as: UTF8.self) } ?? "" : ""
        guard present.holds(ClientText.mark) else {
            throw DeployError(
                .gateRefused, what: "deploy is there already",
                why: "deployctl did not write it; nothing was changed",
                next: "move it away, then: deployctl init --client")
        }
        return present != text
    }

    private func write(_ text: String, to path: String) throws(DeployError) {
        try context.ports.files.publish(Data(text.utf8), to: path)
        let result = context.ports.commands.run(CommandRequest(Command("chmod", ["755", path])))
        guard result.succeeded else {
            throw DeployError(
                .stepFailed, what: "deploy cannot be made executable", why: result.explanation,
                next: "chmod 755 deploy")
        }
    }
}

/// The script itself.
struct ClientText {
    let project: String
    /// What ssh is told.
    let target: String
    let folder: String
    /// Where the project lies in its repository: empty, or ended by a slash.
    let prefix: String

    /// By this line a script is known as ours.
    static let mark = "# Written by deployctl init --client."

    /// What the near side of `--host` does, for words that are plain.
    var script: String {
        """
        #!/bin/sh
        \(Self.mark)
        # staging, production, rollback and status of \(project); needs git and ssh, and no deployctl here.
        set -eu
        host=\(target)
        folder=\(ShellText.quoted(folder))
        place=\(FarWord.encoded(folder))
        cd "$(dirname "$0")"

        case ${1:-} in
        staging | production | rollback | status) ;;
        *) echo "usage: $0 staging|production|rollback|status [WORDS]" >&2; exit 2 ;;
        esac
        words=
        for word in "$@"; do
            case $word in
            '' | *[!A-Za-z0-9_./:=+-]*) echo "$0: only plain words go over: $word" >&2; exit 2 ;;
            esac
            words="$words${words:+,}\\"$word\\""
        done
        commit=$(git rev-parse --verify HEAD)
        about=
        [ "$1" != staging ] || words="$words,\\"--ref=$commit\\"" about=",\\"commit\\":\\"$commit\\""

        way=-T trigger=script
        [ ! -t 0 ] || [ ! -t 1 ] || [ ! -t 2 ] || way=-t trigger=terminal
        [ -z "${CI:-}" ] || trigger=ci
        [ -z "${GIT_DIR:-}" ] || trigger=hook
        who=$(git config user.email | tr -cd 'A-Za-z0-9@._+-')
        request="{\\"words\\":[$words],\\"prefix\\":\\"\(prefix)\\",\\"performer\\":\\"${who:-nobody}\\",\\"trigger\\":\\"$trigger\\",\\"hasLifeline\\":false,\\"host\\":\\"$host\\"$about}"

        number=$(printf '%s' "$request" | ssh -T "$host" "deployctl far-greet --json -- $place" |
            sed -n 's/.*"request" *: *"\\([0-9a-f-]*\\)".*/\\1/p')
        [ -n "$number" ] || exit 15
        if [ "$1" = staging ]; then
            git push --quiet "$host:$folder" "$commit:refs/deployctl/commits/$commit"
            branch=$(git symbolic-ref --quiet --short HEAD) || branch=
            [ -z "$branch" ] || git push --quiet "$host:$folder" "$commit:refs/heads/$branch" ||
                echo "$host keeps its branch $branch where it is" >&2
        fi
        exec ssh "$way" -o LogLevel=ERROR "$host" "deployctl far-run -- $place $number"

        """
    }
}
