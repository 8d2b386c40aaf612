/// Pages that only have to be served, as they are or once they are made.
struct StaticSiteDetector: Detector {
    private static let folders = [
        "public", "dist", "site", "_site", "build", "out", "www", "html", "static", "docs",
    ]
    private static let generators: [(file: String, command: [String], folder: String)] = [
        ("hugo.toml", ["hugo", "--minify"], "public"), ("hugo.yaml", ["hugo", "--minify"], "public"),
        ("mkdocs.yml", ["mkdocs", "build"], "site"), ("_config.yml", ["jekyll", "build"], "_site"),
        (".eleventy.js", ["node_modules/.bin/eleventy"], "_site"),
        ("book.toml", ["mdbook", "build"], "book"),
    ]

    func look(at repository: RepositoryFiles, adding sketch: inout ApplicationSketch) {
        guard sketch.services.isEmpty, let folder = folder(repository, &sketch) else { return }
        sketch.recognise("static site")
        sketch.routes = [.init(path: "/", target: folder)]
    }

    private func folder(_ repository: RepositoryFiles, _ sketch: inout ApplicationSketch) -> String? {
        if let generator = Self.generators.first(where: { repository.has($0.file) }) {
            sketch.build.append(generator.command)
            return generator.folder
        }
        if sketch.build.contains(where: { $0 == ["npm", "run", "build"] }) {
            sketch.fallback = "index.html"
            sketch.leave(
                "npm run build is taken to write dist/: name another folder in \"routes\" if it does not")
            return "dist"
        }
        if let script = script(repository) {
            sketch.build.append(script.command)
            return script.folder
        }
        if let folder = Self.folders.first(where: { repository.has("\($0)/index.html") }) { return folder }
        guard repository.has("index.html") else { return nil }
        // Definitions lie in the release too, and are no pages.
        sketch.build.append([
            "sh", "-c",
            "mkdir .pages && tar --exclude=./.pages --exclude=./environments -cf - . | tar -xf - -C .pages && mv .pages public",
        ])
        return "public"
    }

    /// A program of the project's own that names the folder it writes.
    private func script(_ repository: RepositoryFiles) -> (command: [String], folder: String)? {
        for (name, program) in [("build.py", "python3"), ("build.sh", "sh"), ("build.js", "node")] {
            guard let text = repository.text(name),
                let folder = Self.folders.first(where: {
                    text.holds("\"\($0)") || text.holds("'\($0)") || text.holds(" \($0)/")
                })
            else { continue }
            return ([program, name], folder)
        }
        return nil
    }
}
