import FoundationEssentials

/// Node, by its `package.json`, or by a file that listens.
struct NodeDetector: Detector {
    private static let entries = [
        "server.js", "index.js", "app.js", "main.js", "src/server.js", "src/index.js", "src/app.js",
        "server.mjs", "index.mjs",
    ]

    func look(at repository: RepositoryFiles, adding sketch: inout ApplicationSketch) {
        let package = Description(repository.text("package.json") ?? "")
        let entry = Self.entries.first { repository.text($0)?.holds("listen(") == true }
        guard package != nil || entry != nil else { return }
        if let package { addBuild(package, repository, to: &sketch) }
        guard let command = package?.start ?? entry.map({ ["node", $0] }) else { return }
        sketch.serve(command, as: "Node")
        sketch.set("NODE_ENV", "production")
    }

    private func addBuild(
        _ package: Description, _ repository: RepositoryFiles, to sketch: inout ApplicationSketch
    ) {
        sketch.recognise("Node")
        if repository.has("pnpm-lock.yaml") {
            sketch.build.append(["pnpm", "install", "--frozen-lockfile"])
        } else if repository.has("yarn.lock") {
            sketch.build.append(["yarn", "install", "--frozen-lockfile"])
        } else if repository.has("package-lock.json") {
            sketch.build.append(["npm", "ci", "--include=dev"])
        } else if package.hasPackages {
            sketch.build.append(["npm", "install", "--include=dev"])
            sketch.leave("no lock file: commit package-lock.json, so that each release has the same packages")
        }
        if package.builds { sketch.build.append(["npm", "run", "build"]) }
    }

    /// What is of use of a `package.json`.
    struct Description {
        /// nil where it does not say how it starts.
        var start: [String]?
        var hasPackages = false
        var builds = false

        init?(_ text: String) {
            guard let json = try? JSONDecoder().decode(JSONField.self, from: Data(text.utf8)),
                case .object(let members) = json
            else { return nil }
            if case .object(let packages)? = members["dependencies"] { hasPackages = !packages.isEmpty }
            if case .object(let packages)? = members["devDependencies"], !packages.isEmpty {
                hasPackages = true
            }
            guard case .object(let scripts)? = members["scripts"] else { return }
            builds = scripts["build"] != nil
            if case .text(let line)? = scripts["start"] { start = Self.command(line) }
        }

        /// Without npm between, which passes no signals on.
        static func command(_ line: String) -> [String] {
            let words = line.words.map(String.init)
            let isPlain = line.utf8.allSatisfy { TextRule.isAlphanumeric($0) || " ./_-:=@".utf8.contains($0) }
            guard isPlain, let first = words.first, !first.holds("=") else { return ["npm", "start"] }
            if first == "node" { return words }
            let own =
                ["npm", "npx", "yarn", "pnpm", "bun", "deno"].contains { $0 == first } || first.holds("/")
            guard !own else { return words }
            let port = first == "next" ? ["--hostname", "127.0.0.1", "--port", "{port}"] : []
            return ["node_modules/.bin/\(first)"] + words.dropFirst() + port
        }
    }
}
