/// What every Python program needs: an environment of its own with its packages.
struct PythonDetector: Detector {
    func look(at repository: RepositoryFiles, adding sketch: inout ApplicationSketch) {
        let packages = Self.packages(repository)
        guard !packages.isEmpty else { return }
        sketch.recognise("Python")
        sketch.python = ".venv/bin/python"
        sketch.build.append(["python3", "-m", "venv", "--without-pip", ".venv"])
        for arguments in packages { sketch.build.append(Self.install(arguments)) }
    }

    static func install(_ arguments: [String]) -> [String] {
        ["python3", "-m", "pip", "--python", ".venv/bin/python", "install"] + arguments
    }

    private static func packages(_ repository: RepositoryFiles) -> [[String]] {
        var found: [[String]] = []
        if repository.has("requirements.txt") { found.append(["-r", "requirements.txt"]) }
        if let project = repository.text("pyproject.toml"), project.holds("[project]"),
            found.isEmpty || project.holds("[build-system]")
        {
            found.append(["."])
        }
        return found
    }

    /// Whether the project asks for a package of this name itself.
    static func asks(for package: String, _ repository: RepositoryFiles) -> Bool {
        ["requirements.txt", "pyproject.toml", "Pipfile"].compactMap(repository.text).contains { text in
            text.lowered.lines.contains { line in
                let word = line.trimmed.utf8.drop { "\"'".utf8.contains($0) }
                let name = Substring(word.prefix { CodeScan.isOfName($0) || $0 == UInt8(ascii: "-") })
                return name == package[...]
            }
        }
    }
}

extension ApplicationSketch {
    /// A module of the release's Python; one the project does not ask for is installed beside what it does.
    mutating func module(_ name: String, _ arguments: [String], _ repository: RepositoryFiles) -> [String] {
        if python.holds("/"), !PythonDetector.asks(for: name, repository),
            !build.contains(where: { $0 == PythonDetector.install([name]) })
        {
            build.append(PythonDetector.install([name]))
        }
        return [python, "-m", name] + arguments
    }
}
