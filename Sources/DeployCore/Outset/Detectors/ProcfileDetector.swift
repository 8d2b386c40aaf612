import FoundationEssentials

/// A Procfile says itself what runs, and wins over what was guessed.
struct ProcfileDetector: Detector {
    func look(at repository: RepositoryFiles, adding sketch: inout ApplicationSketch) {
        guard let text = repository.text("Procfile") else { return }
        sketch.recognise("Procfile")
        for line in text.lines {
            guard let (before, after) = line.cut(at: ":"), !before.begins(with: "#"), !after.isBlank else {
                continue
            }
            let name = before.trimmed.lowered.replacing("_", by: "-")
            let command = Self.command(String(after.trimmed), python: sketch.python, listens: name == "web")
            if name == "release" {
                // What the line does by migrating is done before the release commands otherwise.
                (sketch.release, sketch.migrations) = ([command], nil)
            } else if TextRule.name.accepts(name) {
                sketch.put(.init(name: name, command: command, listens: name == "web"))
            }
        }
        addApplication(repository.text("app.json") ?? "", to: &sketch)
    }

    /// The line as arguments where it is a plain one, otherwise for a shell.
    static func command(_ line: String, python: String, listens: Bool) -> [String] {
        var plain = line
        for port in ["${PORT}", "$PORT"] { plain = plain.replacing(port, by: "{port}") }
        plain = plain.replacing("0.0.0.0", by: "127.0.0.1")
        var words = plain.words.map(String.init)
        let isPlain = plain.utf8.allSatisfy {
            TextRule.isAlphanumeric($0) || " ./_-:={}@,+%[]".utf8.contains($0)
        }
        guard isPlain, let first = words.first, !first.holds("=") else {
            return ["sh", "-c", "exec \(line)"]
        }
        if python.holds("/") {
            let modules = [
                "gunicorn", "uvicorn", "celery", "daphne", "hypercorn", "waitress-serve", "rq", "flask",
                "alembic",
            ]
            if ["python", "python3"].contains(where: { $0 == first }) { words[0] = python }
            if modules.contains(where: { $0 == first }) { words = [python, "-m"] + words }
        }
        if listens, first == "gunicorn",
            !words.contains(where: {
                ["-b", "--bind", "-c", "--config"].contains($0) || $0.begins(with: "--bind=")
            })
        {
            words += ["--bind", "127.0.0.1:{port}"]
        }
        return words
    }

    /// What a platform would ask for.
    private func addApplication(_ text: String, to sketch: inout ApplicationSketch) {
        guard let json = try? JSONDecoder().decode(JSONField.self, from: Data(text.utf8)),
            case .object(let members) = json, case .object(let wanted)? = members["env"]
        else { return }
        for (name, value) in wanted.sorted(by: { $0.key < $1.key }) where TextRule.variableName.accepts(name)
        {
            guard case .object(let described) = value else {
                if case .text(let text) = value { sketch.set(name, text) }
                continue
            }
            if case .text(let text)? = described["value"] {
                sketch.set(name, text)
            } else if case .text("secret")? = described["generator"] {
                sketch.hide(name, .random(prefix: ""))
            } else {
                VariablesDetector.demand(name, of: &sketch)
            }
        }
    }
}
