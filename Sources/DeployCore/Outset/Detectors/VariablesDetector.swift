/// The names of variables the code asks for: what deployctl gives, what is plain, and what is secret.
struct VariablesDetector: Detector {
    /// Other names of what deployctl says about the database.
    static let parts: [(name: String, variable: String)] = [
        ("DB_HOST", "DATABASE_HOST"), ("DB_PORT", "DATABASE_PORT"), ("DB_NAME", "DATABASE_NAME"),
        ("DB_DATABASE", "DATABASE_NAME"), ("DB_USER", "DATABASE_USER"), ("DB_USERNAME", "DATABASE_USER"),
        ("DB_PASSWORD", "DATABASE_PASSWORD"), ("DB_PASS", "DATABASE_PASSWORD"), ("DB_URL", "DATABASE_URL"),
        ("PGHOST", "DATABASE_HOST"), ("PGPORT", "DATABASE_PORT"), ("PGDATABASE", "DATABASE_NAME"),
        ("PGUSER", "DATABASE_USER"), ("PGPASSWORD", "DATABASE_PASSWORD"), ("MYSQL_HOST", "DATABASE_HOST"),
        ("MYSQL_PORT", "DATABASE_PORT"), ("MYSQL_DATABASE", "DATABASE_NAME"), ("MYSQL_USER", "DATABASE_USER"),
        ("MYSQL_PASSWORD", "DATABASE_PASSWORD"), ("POSTGRES_HOST", "DATABASE_HOST"),
        ("POSTGRES_PORT", "DATABASE_PORT"), ("POSTGRES_DB", "DATABASE_NAME"),
        ("POSTGRES_USER", "DATABASE_USER"),
        ("POSTGRES_PASSWORD", "DATABASE_PASSWORD"),
    ]

    /// Given by deployctl or by the machine.
    private static let given = [
        "PORT", "HOST", "SOCKET", "DATABASE_URL", "DATABASE_HOST", "DATABASE_PORT", "DATABASE_NAME",
        "DATABASE_USER", "DATABASE_PASSWORD",
    ]
    private static let machine = [
        "PATH", "HOME", "USER", "LANG", "TZ", "PWD", "SHELL", "TMPDIR", "TERM", "CI", "DEBUG", "LOGNAME",
        "HOSTNAME", "NODE_ENV", "RACK_ENV", "RAILS_ENV", "APP_ENV", "DJANGO_SETTINGS_MODULE", "VIRTUAL_ENV",
        "PYTHONPATH",
    ]
    /// Quoted names stand behind these; the second ones have no value to fall back to.
    private static let calls = [
        "os.environ.get(", "os.getenv(", "environ.get(", "process.env[", "ENV.fetch(", "getenv(", "$_ENV[",
        "os.Getenv(", "os.LookupEnv(", "env::var(", "env::var_os(", "env!(",
    ]
    private static let demands = ["os.environ[", "environ[", "ENV["]

    func look(at repository: RepositoryFiles, adding sketch: inout ApplicationSketch) {
        guard sketch.composeFile == nil else { return }
        var asked: [CodeScan.Quoted] = []
        for source in repository.code {
            asked += CodeScan.quoted(after: Self.calls + Self.demands, in: source.text)
            asked += CodeScan.names(after: "process.env.", in: source.text)
            asked += loops(source.text)
        }
        asked += example(repository)
        for one in asked where Self.isName(one.word) { add(one, to: &sketch) }
        export(&sketch)
    }

    /// `[os.environ[name] for name in ("USERS_URL", "ORDERS_URL")]`, and what else lists names that end so.
    private func loops(_ text: String) -> [CodeScan.Quoted] {
        guard text.holds("environ[name]") || text.holds("process.env[") || text.holds("ENV[name]") else {
            return []
        }
        return text.split(at: "_URL").dropLast().compactMap { part in
            let name = String(
                decoding: part.utf8.reversed().prefix(while: CodeScan.isOfName).reversed(), as: UTF8.self)
            return CodeScan.Quoted(word: "\(name)_URL", rest: "")
        }
    }

    private func example(_ repository: RepositoryFiles) -> [CodeScan.Quoted] {
        let text = [".env.example", ".env.sample", ".env.dist"].compactMap(repository.text).first ?? ""
        return text.lines.compactMap { line in
            line.cut(at: "=").map {
                CodeScan.Quoted(word: String($0.before.trimmed), rest: "|| from the example")
            }
        }
    }

    private static func isName(_ word: String) -> Bool {
        word.utf8.count < 64 && word.utf8.allSatisfy { CodeScan.isOfName($0) && !(0x61...0x7A).contains($0) }
            && TextRule.variable.accepts(word)
    }

    private func add(_ asked: CodeScan.Quoted, to sketch: inout ApplicationSketch) {
        let name = asked.word
        if Self.given.contains(where: { $0 == name }) {
            if !sketch.given.contains(where: { $0 == name }) { sketch.given.append(name) }
        } else if let part = Self.parts.first(where: { $0.name == name }) {
            if sketch.engine != nil, !sketch.aliases.contains(where: { $0.name == name }) {
                sketch.aliases.append(.init(name: name, value: part.variable))
            }
        } else if !Self.machine.contains(where: { $0 == name }), TextRule.variableName.accepts(name) {
            Self.demand(name, default: Self.fallback(asked.rest), of: &sketch)
        }
    }

    /// The quoted value the code falls back to; nil where it has none.
    private static func fallback(_ rest: Substring) -> String? {
        let beginning = Substring(rest.utf8.drop { " )].".utf8.contains($0) })
        let marks = rest.trimmed.begins(with: ",") ? [","] : ["||", "??", "?:", "unwrap_or"]
        for mark in marks {
            guard let text = beginning.after(mark)?.trimmed else { continue }
            let start = text.utf8.firstIndex { [0x22, 0x27, 0x60].contains($0) }
            return start.flatMap { CodeScan.quoted(at: text[$0...])?.word } ?? ""
        }
        return nil
    }

    /// What a variable is by its name, where nobody says more.
    static func demand(_ name: String, default fallback: String? = nil, of sketch: inout ApplicationSketch) {
        guard !(sketch.variables.contains { $0.name == name } || sketch.secrets.contains { $0.name == name })
        else { return }
        let parts = name.split(at: "_").map(String.init)
        func has(_ words: String...) -> Bool { parts.contains { part in words.contains { $0 == part } } }
        if let sibling = sketch.services.first(where: {
            name == "\($0.name.replacing("-", by: "_").uppered)_URL"
        }) {
            sketch.set(name, "http://{address:\(sibling.name)}")
        } else if has("LISTEN", "BIND", "ADDR") || name.ends(with: "LISTEN_ADDRESS") {
            sketch.set(name, "127.0.0.1:{port}")
        } else if parts.count == 2, name.ends(with: "_PORT"), has("APP", "SERVER", "HTTP", "WEB") {
            sketch.set(name, "{port}")
        } else if let file = Self.dataFile(name, fallback) {
            sketch.share("data", keeping: true)
            sketch.set(name, "data/\(file)")
        } else if has("REDIS", "BROKER"), has("URL", "URI") {
            sketch.hide(name, .numbered("redis://127.0.0.1:6379/"))
        } else if has("SECRET", "SALT") || name == "SESSION_KEY" || name == "APP_KEY" {
            sketch.hide(name, .random(prefix: ""))
        } else if has("PASSWORD", "PASS", "TOKEN", "KEY", "DSN", "CREDENTIALS", "APIKEY"), fallback == nil {
            sketch.hide(name, .foreign)
        } else if fallback == nil {
            sketch.leave(
                "the code asks for \(name): where it needs it, add it to \"variables\" in environments/base.json"
            )
        }
    }

    /// A file of the program's own, which would go with its release.
    private static func dataFile(_ name: String, _ fallback: String?) -> String? {
        let endings = [".sqlite3", ".sqlite", ".db"]
        if let fallback, endings.contains(where: { fallback.ends(with: $0) }) {
            let file = fallback.split(at: "/").last.map(String.init) ?? ""
            return TextRule.sharedPath.accepts(file) ? file : nil
        }
        return fallback == nil && name.ends(with: "_DB")
            ? "\(name.before("_DB")?.lowered ?? "app").sqlite3" : nil
    }

    /// Names of the project's own for the parts of the database: each program finds them under these too.
    private func export(_ sketch: inout ApplicationSketch) {
        guard !sketch.aliases.isEmpty else { return }
        let exports = sketch.aliases.map { "\($0.name)=\"$\($0.value)\"" }.joined(separator: " ")
        func wrapped(_ command: [String]) -> [String] {
            ["sh", "-c", "export \(exports); exec \"$@\"", "sh"] + command
        }
        for index in sketch.services.indices {
            sketch.services[index].command = wrapped(sketch.services[index].command)
        }
        sketch.release = sketch.release.map(wrapped)
        if case .command(let command, let status) = sketch.migrations {
            sketch.migrations = .command(wrapped(command), status: status.map(wrapped))
        }
    }
}
