/// Django, by its `manage.py`.
struct DjangoDetector: Detector {
    func look(at repository: RepositoryFiles, adding sketch: inout ApplicationSketch) {
        guard let manage = repository.text("manage.py"), manage.holds("django"),
            let settings = CodeScan.quoted(
                after: ["\"DJANGO_SETTINGS_MODULE\",", "'DJANGO_SETTINGS_MODULE',"], in: manage
            )
            .first?.word,
            let package = settings.split(at: ".").first
        else { return }
        let command = sketch.module(
            "gunicorn", ["\(package).wsgi", "--bind", "127.0.0.1:{port}", "--workers", "2"], repository)
        sketch.serve(command, as: "Django")
        let manager = [sketch.python, "manage.py"]
        sketch.migrations = .command(
            manager + ["migrate", "--noinput"], status: manager + ["migrate", "--check"])
        let path = settings.replacing(".", by: "/")
        let text = repository.sources([".py"]).filter { $0.path.begins(with: path) }.map(\.text).joined(
            separator: "\n")
        addFiles(text, manager, to: &sketch)
        if text.holds("ALLOWED_HOSTS = []") {
            sketch.leave("ALLOWED_HOSTS in \(path).py is empty: name \"localhost\" and your domain in it")
        }
    }

    /// Static files and uploads, which the front serves itself.
    private func addFiles(_ settings: String, _ manager: [String], to sketch: inout ApplicationSketch) {
        if let folder = folder("STATIC_ROOT", in: settings) {
            sketch.release.append(manager + ["collectstatic", "--noinput"])
            sketch.routes.append(
                .init(path: address("STATIC_URL", in: settings) ?? "/static", target: folder))
        }
        if let folder = folder("MEDIA_ROOT", in: settings) {
            sketch.share(folder, keeping: true)
            sketch.routes.append(.init(path: address("MEDIA_URL", in: settings) ?? "/media", target: folder))
        }
    }

    /// The last quoted word of the value, as in `BASE_DIR / "static"`.
    private func folder(_ name: String, in settings: String) -> String? {
        guard let value = value(name, in: settings) else { return nil }
        let parts = value.replacing("'", by: "\"").split(at: "\"", keepsEmpty: true)
        guard parts.count > 2 else { return nil }
        let word = String(parts[parts.count - 2])
        return TextRule.sharedPath.accepts(word) && TextRule.routeTarget.accepts(word) ? word : nil
    }

    private func address(_ name: String, in settings: String) -> String? {
        guard let value = value(name, in: settings) else { return nil }
        let words = value.replacing("'", by: "\"").split(at: "\"", keepsEmpty: true)
        guard words.count > 1 else { return nil }
        let path = "/" + words[1].split(at: "/").joined(separator: "/")
        return path != "/" && TextRule.routePath.accepts(path) ? path : nil
    }

    private func value(_ name: String, in settings: String) -> String? {
        settings.lines.first { line in
            line.begins(with: name) || line.holds(", \(name) =")
        }.flatMap { line in line.cut(at: "=").map { String($0.after) } }
    }
}
