import FoundationEssentials

/// Makes the release folder from one commit: archive, build, seal, publish.
struct BuildRelease: StepWork {
    static let id = "build-release"
    var release: Timestamp
    var commit: String
    var branch: String
    var subject: String

    var vouches: Bool { true }

    var title: String { "Build release \(release) from commit \(commit.prefix(8))" }

    func programs(in layout: Layout) -> [ProgramCall] {
        let checkout =
            [git(layout).filters, archiving(layout), extracting(layout)].calls
            + [git(layout).entries(["{folders…}"], of: commit)].calls.when("the commit has empty folders")
        return checkout
            + builds(layout).map { AccountCommands.call($0, as: layout.environment.user) }
            + layout.environment.serviceRuntime.programs(
                for: .build(folder: layout.build(release)), in: layout)
            + [syncing(layout)].calls
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        let (files, layout) = (context.ports.files, context.layout)
        if let known = try context.ports.state.release(release),
            files.kind(of: layout.release(release)) == .folder
        {
            let note = "built before, \(try ReleaseSeal(context.site).settle(release, digest: known.digest))"
            try LinkedFiles(site: context.site).link(into: release, context.secrets)
            return note
        }
        let partial = partial(layout)
        try files.remove(partial)
        try files.makeFolder(partial)
        let place = BuildPlace(site: context.site, release: release)
        try place.prepare()
        let built = layout.build(release)
        try extractAndBuild(in: built, context)
        for shared in layout.environment.sharedFolders {
            let left = left(shared, in: built, files)
            try files.remove(shared, beneath: built)
            if !left.isEmpty { context.note(leaving(left, of: shared, in: layout)) }
        }
        let links = LinkedFiles(site: context.site)
        for path in try links.takeOut(of: built) {
            context.note("\(path) is a linked file: what the build wrote there stays out of the release")
        }
        try ReleaseSeal(context.site).tighten(built)
        try files.publish(Data("\(commit)\n".utf8), to: "\(built)/REVISION")
        if let account = try context.site.account() {
            try files.grant(.reading(account), at: "\(built)/REVISION")
        }
        let moment = files.moment(in: layout.releases)
        let manifest = try files.manifest(of: built, except: [])
        try context.run(
            CommandRequest(syncing(layout), deadline: .seconds(120)),
            because: "The release could not be written to disk")
        let own = try place.hand(manifest, into: partial)
        try files.publish(JSON.data(manifest), to: layout.releaseManifest(release))
        try ReleaseSeal(context.site).recordNoAdditions(of: release)
        try files.remove(layout.release(release))
        try files.rename(own, to: layout.release(release))
        try files.remove(partial)
        ReleaseSeal(context.site).remember(release, manifest, comparedSince: moment)
        try links.link(into: release, context.secrets)
        try context.ports.state.record(
            Release(
                timestamp: release, commit: commit, branch: branch, subject: subject, digest: manifest.digest,
                performer: context.origin.performer, who: context.origin.who,
                createdAt: context.ports.clock.now()))
        return "\(manifest.entries.count) files, \(manifest.digest.prefix(12))"
    }

    /// What a commit has in a shared folder, besides the files that only keep a folder in git.
    private func left(_ shared: String, in partial: String, _ files: any FileStore) -> [String] {
        var path = partial
        for part in shared.split(at: "/") {
            path += "/\(part)"
            guard files.kind(of: path) == .folder else { return [] }
        }
        return files.names(in: path).filter { name in
            ![".gitkeep", ".keep", ".gitignore"].contains { $0 == name }
        }
    }

    private func leaving(_ names: [String], of shared: String, in layout: Layout) -> String {
        let some = names.prefix(3).map { Shown.text($0) }.joined(separator: ", ")
        let more = names.count > 3 ? " and \(names.count - 3) more" : ""
        return
            "\(shared) is shared: \(some)\(more) of the commit stay out of the release; copy what is needed to \(layout.shared)/\(shared)"
    }

    func undo(in context: StepContext) throws(DeployError) {
        try context.ports.files.remove(partial(context.layout))
        try BuildPlace(site: context.site, release: release).leave()
    }

    private func extractAndBuild(in built: String, _ context: StepContext) throws(DeployError) {
        let what = "Commit \(commit.prefix(8)) could not be checked out"
        try archive(in: built, context, what)
        try context.run(
            CommandRequest(extracting(context.layout), in: built, deadline: .seconds(300)), because: what)
        try context.ports.files.remove("\(built).tar")
        let gaps = CommittedGaps(files: context.ports.files)
        let found = try gaps.find(in: built)
        let submodules = try submodules(among: found.hollow, context, what)
        var variables = try ServiceVariables.variables(
            context, release: release, database: nil, instance: nil)
        variables["DEPLOYCTL_COMMIT"] = commit
        let account = try context.site.account()
        try AccountFolders(site: context.site).open()
        try LinkedFiles(site: context.site).link(beforeBuildIn: built, context.secrets)
        if let account { try context.ports.files.grant(.ownership(account), at: built) }
        for command in builds(context.layout) {
            try context.runOwn(
                CommandRequest(command, in: built, environment: variables, deadline: .seconds(1800)),
                because: "The build failed")
        }
        try gaps.refuse(submodules: submodules, pointers: found.pointers, in: built)
        if let account { try context.ports.files.grant(.reading(account), at: built) }
        try context.environment.serviceRuntime.build(release, in: built, context)
    }

    private func submodules(
        among folders: [String], _ context: StepContext, _ what: String
    ) throws(DeployError) -> [String] {
        guard !folders.isEmpty else { return [] }
        let result = try context.run(
            GitCommands.request(git(context.layout).entries(folders, of: commit)), because: what)
        return CommittedGaps.submodules(in: result.output)
    }

    /// A filter of which only the repository itself says what it is decides nothing about a release.
    private func archive(in built: String, _ context: StepContext, _ what: String) throws(DeployError) {
        let asked = context.ports.commands.run(GitCommands.request(git(context.layout).filters))
        guard let filters = GitCommands.foreignFilters(asked) else {
            throw DeployError(.stepFailed, what: what, why: asked.explanation, next: "git config --list")
        }
        let request = GitCommands.request(
            archiving(context.layout), in: built, deadline: .seconds(300), without: filters, exactly: true)
        do throws(DeployError) {
            try context.run(request, because: what)
        } catch {
            guard let name = filters.first(where: { error.why.holds("smudge filter \($0) failed") }) else {
                throw error
            }
            throw DeployError(
                error.code, what: error.what,
                why:
                    "a file asks for filter \(name), whose program only the repository's own configuration names; it is not run",
                next:
                    "git config --global filter.\(name).smudge … if you trust it, and git config --local --remove-section filter.\(name)"
            )
        }
    }

    private func git(_ layout: Layout) -> GitCommands {
        GitCommands(repository: layout.absolute(layout.environment.source.repository))
    }

    private func archiving(_ layout: Layout) -> Command {
        git(layout).archive(commit, to: "\(layout.build(release)).tar")
    }

    private func extracting(_ layout: Layout) -> Command {
        let built = layout.build(release)
        return Command(
            "tar",
            [
                "--extract", "--file", "\(built).tar", "--directory", built, "--no-same-owner",
                "--no-same-permissions",
            ])
    }

    private func builds(_ layout: Layout) -> [Command] {
        layout.environment.build.compactMap(Command.init(vector:))
    }

    private func syncing(_ layout: Layout) -> Command {
        Command("sync", ["--file-system", layout.build(release)])
    }

    private func partial(_ layout: Layout) -> String { layout.releasePartial(release) }
}
