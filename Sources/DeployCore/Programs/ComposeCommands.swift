/// Command lines for Compose; data only.
enum ComposeCommands {
    /// Which program Compose is.
    enum Program: CaseIterable {
        /// The engine's own `docker compose`.
        case plugin
        /// `docker-compose`, where only that is installed.
        case standalone
    }

    static func command(_ arguments: [String], by program: Program = .plugin) -> Command {
        switch program {
        case .plugin: Command("docker", ["compose"] + arguments)
        case .standalone: Command("docker-compose", arguments)
        }
    }

    static func version(of program: Program) -> Command { command(["version", "--short"], by: program) }

    /// Arguments that say which project and which file are meant.
    static func project(_ name: String, file: String) -> [String] {
        ["--project-name", name, "--file", file]
    }

    /// Arguments that print the file as the engine's own parser resolves it.
    ///
    /// With every profile: the definition says which services run. `file`: `-` for standard input.
    static func config(_ name: String, file: String, interpolating: Bool = true) -> [String] {
        ["--env-file", "/dev/null", "--profile", "*"] + project(name, file: file) + [
            "config", "--format", "json",
        ]
            + (interpolating ? [] : ["--no-interpolate"])
    }
}
