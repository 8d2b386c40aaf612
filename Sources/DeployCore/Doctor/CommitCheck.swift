/// What the newest commit and a definition do not have in common, though one of them counts on it.
public struct CommitCheck: Sendable {
    private let site: Site

    public init(_ site: Site) { self.site = site }

    private var environment: Environment { site.environment }
    private var git: GitCommands {
        GitCommands(repository: site.layout.absolute(environment.source.repository))
    }

    /// Those that are wrong; empty also where git says nothing.
    public var findings: [Finding] {
        let asked = environment.sharedFolders.map { "\($0)/" } + environment.linkedPaths + folders
        let requests = [
            git.entries(asked.isEmpty ? ["."] : asked), git.committed(".gitmodules"),
            git.committed(".gitattributes"), git.filters,
        ]
        let results = site.ports.commands.runTogether(requests.map { GitCommands.request($0) })
        guard results[0].succeeded else { return [] }
        let present = results[0].output.split(at: "\0").compactMap {
            $0.cut(at: "\t").map { String($0.after) }
        }
        return shared(present) + linked(present) + routes(present) + submodules(results[1])
            + pointers(results[2], results[3]) + DatabaseMention(site: site, git: git).findings
            + objections
    }

    private var objections: [Finding] {
        guard let objection = environment.serviceRuntime.objectionToCommit(at: site) else { return [] }
        return [
            Finding(
                id: "\(environment.name) \(objection.file)",
                verdict: .refused(objection.why, next: "edit \(objection.file), and commit it"))
        ]
    }

    private func finding(_ subject: String, _ said: String, next: String) -> Finding {
        Finding(id: "\(environment.name) \(subject)", verdict: .warned(said, next: next))
    }

    private func shared(_ present: [String]) -> [Finding] {
        environment.sharedFolders.compactMap { folder in
            let kept = present.compactMap { $0.after("\(folder)/") }.filter { name in
                ![".gitkeep", ".keep", ".gitignore"].contains { $0 == name }
            }
            guard !kept.isEmpty else { return nil }
            let some = kept.prefix(3).map { Shown.text(String($0)) }.joined(separator: ", ")
            return finding(
                "shared \(folder)",
                "the commit has \(some)\(kept.count > 3 ? " and more" : "") there, which no release will have",
                next: "copy what is needed to \(site.layout.shared)/\(folder), and take it out of git")
        }
    }

    private func linked(_ present: [String]) -> [Finding] {
        environment.linkedPaths.filter { path in present.contains { $0 == path } }.map { path in
            Finding(
                id: "\(environment.name) file \(path)",
                verdict: .refused(
                    "the commit has a file of its own there",
                    next: "git rm --cached \(ShellText.quoted(path)) and commit, or remove it from \"files\"")
            )
        }
    }

    /// Folders of routes that only the commit or the build can bring.
    private var folders: [String] { targets.map(\.folder) }

    private var targets: [(path: String, folder: String)] {
        environment.services.flatMap(\.routes).compactMap { route in
            guard case .folder(let written) = route.target, written != "." else { return nil }
            let folder = written.before("/").map { String($0) } ?? written
            let isShared = environment.sharedFolders.contains {
                $0 == folder || folder.begins(with: "\($0)/")
            }
            return isShared ? nil : (route.path, folder)
        }
    }

    private func routes(_ present: [String]) -> [Finding] {
        let services = environment.appServices.map(\.name)
        return targets.compactMap { path, folder in
            let isThere = present.contains { $0 == folder }
            let meant = folder.holds("/") ? nil : Nearest.word(to: folder, in: services)
            guard !isThere, meant != nil || environment.build.isEmpty else { return nil }
            return finding(
                "route \(path)",
                "\"\(folder)\" is no service, and the commit has no such folder: it would answer 404",
                next: meant.map { "write \"\($0)\" if that service is meant" }
                    ?? "name a service, or a folder that is committed or built")
        }
    }

    private func submodules(_ modules: CommandResult) -> [Finding] {
        guard modules.succeeded else { return [] }
        let paths = modules.output.lines.compactMap { line -> String? in
            guard let (key, value) = line.cut(at: "="), key.trimmed == "path" else { return nil }
            return Shown.text(String(value.trimmed))
        }
        guard !paths.isEmpty else { return [] }
        return [
            finding(
                "submodules",
                "\(paths.joined(separator: ", ")): a release has nothing of it unless \"build\" fetches it",
                next:
                    "fetch it in \"build\", commit its files instead, or write export-ignore for it into .gitattributes"
            )
        ]
    }

    private func pointers(_ attributes: CommandResult, _ filters: CommandResult) -> [Finding] {
        let isUsed =
            attributes.succeeded
            && attributes.output.lines.contains { !$0.begins(with: "#") && $0.holds("filter=lfs") }
        guard isUsed, !filters.output.split(at: "\0").contains(where: { $0 == "filter.lfs.smudge" }) else {
            return []
        }
        return [
            finding(
                "lfs", "the commit keeps files in Git LFS, which is not set up for this account",
                next: "git lfs install && git lfs pull")
        ]
    }
}
