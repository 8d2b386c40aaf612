import FoundationEssentials

/// Reads definition files and follows `extends`.
struct DefinitionFiles: Sendable {
    let files: any FileStore
    let folder: String

    struct Merged {
        /// nil when a file of the chain could not be read.
        var tree: Located?
        var problems: [DefinitionProblem]
    }

    func path(of file: String) -> String { folder.isEmpty ? file : "\(folder)/\(file)" }

    /// The file and all it extends, merged.
    func merged(_ path: String) throws(DeployError) -> Merged { try merged(path, after: []) ?? missing(path) }

    private func merged(_ path: String, after chain: [String]) throws(DeployError) -> Merged? {
        guard let read = try read(path) else { return nil }
        guard let own = read.value else { return Merged(tree: nil, problems: read.problems) }
        guard let extends = own["extends"], let name = extends.text, TextRule.relativePath.accepts(name)
        else {
            return Merged(tree: own, problems: read.problems)
        }
        let base = Self.sibling(name, of: path)
        func refuse(_ what: String, _ next: String) -> Merged {
            let problem = DefinitionProblem(at: extends.location, path: "extends", what: what, next: next)
            return Merged(tree: nil, problems: read.problems + [problem])
        }
        guard base != path, !chain.contains(base) else {
            return refuse(
                "\"\(Shown.text(name))\" extends this file again", "take one extends out of the circle")
        }
        guard let outer = try merged(base, after: chain + [path]) else {
            return refuse("there is no file \(Shown.text(base))", "create it, or correct the name")
        }
        let tree = outer.tree.map { $0.merged(with: own.without("extends")) }
        return Merged(tree: tree, problems: read.problems + outer.problems)
    }

    /// The file and all it extends, as far as that can be read, each once.
    func chain(_ path: String) -> [String] {
        var (found, next): ([String], String?) = ([], path)
        while let path = next, !found.contains(where: { $0 == path }) {
            found.append(path)
            let base = ((try? read(path)) ?? nil)?.value?["extends"]?.text
            next = base.flatMap { TextRule.relativePath.accepts($0) ? Self.sibling($0, of: path) : nil }
        }
        return found
    }

    /// nil when there is no such file.
    ///
    /// - Throws: `.invalidDefinition` where somebody else may change it.
    func read(_ path: String) throws(DeployError) -> JSON5Reader.Result? {
        try files.refuseStranger(on: path)
        func refuse(_ what: String, _ next: String) -> JSON5Reader.Result {
            let problem = DefinitionProblem(at: Self.top(of: path), path: "", what: what, next: next)
            return JSON5Reader.Result(value: nil, problems: [problem])
        }
        let data: Data?
        do throws(DeployError) {
            data = try files.read(path, from: 0, limit: JSON5Reader.sizeLimit + 1)
        } catch { return refuse("the file cannot be read: \(error.why)", "put a plain file there") }
        guard let data else { return nil }
        guard data.count <= JSON5Reader.sizeLimit else {
            return refuse("the file is larger than 1 MiB", "keep only the definition in it")
        }
        let result = JSON5Reader.read([UInt8](data), file: path)
        guard let value = result.value, case .object = value.content else {
            guard let value = result.value else { return result }
            let problem = DefinitionProblem(
                at: value.location, path: "", what: "a definition is an object, not \(value.content.kind)",
                next: "put the keys in braces")
            return JSON5Reader.Result(value: nil, problems: result.problems + [problem])
        }
        return result
    }

    private func missing(_ path: String) -> Merged {
        let problem = DefinitionProblem(
            at: Self.top(of: path), path: "", what: "there is no such file", next: "create it")
        return Merged(tree: nil, problems: [problem])
    }

    private static func top(of path: String) -> SourceLocation {
        SourceLocation(file: path, line: 1, column: 1)
    }

    /// The path of a file named relative to another one.
    static func sibling(_ name: String, of path: String) -> String {
        let parts = name.split(at: "/").filter { $0 != "." }.joined(separator: "/")
        return path.cutLast(at: "/").map { "\($0.before)/\(parts)" } ?? parts
    }
}
