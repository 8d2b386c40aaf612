import DeployCore

/// Which project a key that may only propose is about.
struct KeyPlace {
    private let cli: CLI
    /// Absolute; nil where the key's line names none.
    private let project: String?

    init(_ cli: CLI, named project: String?) {
        self.cli = cli
        self.project = project.map {
            ProjectFolder.normal($0.begins(with: "/") ? $0 : "\(cli.workingFolder)/\($0)")
        }
    }

    struct Found {
        /// Absolute: the folder that commits are pushed into.
        let repository: String
        /// Absolute; nil for any project in it that a person has deployed.
        let project: String?

        /// Whether a request may be about the project of this prefix.
        func has(_ prefix: String, in folder: FarFolder) -> Bool {
            let parts = prefix.split(at: "/").map(String.init)
            let isPlain = parts.allSatisfy { $0 != "." && $0 != ".." }
            let written = parts.map { "\($0)/" }.joined()
            guard isPlain, prefix == written else { return false }
            if let project { return FarFolder.project(prefix, in: repository) == project }
            return folder.isMarked(prefix)
        }

        /// The project that a line is about which names none.
        func only(_ cli: CLI) throws(DeployError) -> String {
            if let project { return project }
            guard has("", in: FarFolder(cli.makePorts(repository), path: repository)) else {
                throw KeyPlace.unnamed("the repository has none at its top")
            }
            return repository
        }
    }

    /// - Throws: `.notFound` where there is none yet, or several.
    func find() throws(DeployError) -> Found {
        let files = cli.makePorts(project ?? cli.workingFolder).files
        let isRepository = { (path: String) in files.kind(of: "\(path)/.git") != nil }
        if let project {
            var folder = project
            while !isRepository(folder), folder != "/" { folder = ProjectFolder.normal("\(folder)/..") }
            guard folder != "/" else { throw Self.unnamed("\(Shown.text(project)) is in no repository") }
            return Found(repository: folder, project: project)
        }
        let home = "\(cli.variables["HOME"] ?? cli.workingFolder)/deployctl"
        let found = files.names(in: home).map { "\(home)/\($0)" }.filter(isRepository)
        guard found.count == 1 else {
            throw Self.unnamed("\(found.isEmpty ? "none" : "more than one") lies in \(Shown.text(home))")
        }
        return Found(repository: found[0], project: nil)
    }

    private static func unnamed(_ why: String) -> DeployError {
        DeployError(
            .notFound, what: "It is not known which project this key is for", why: "\(why); nothing was done",
            next:
                "bring the project there yourself first, with deployctl staging --host HOST; where there are several, name one behind gate-keeper in authorized_keys: --project DIR"
        )
    }
}
