/// Somebody's application: where it lies, and what of it everybody who deploys it has to know.
struct Stranger: Sendable {
    enum Python: Sendable {
        /// Installed by pip in each release.
        case wheels
        /// Too large for that: a folder that each release's virtualenv names.
        case shared
    }

    /// The heading under which its definition stands on the page.
    let title: String
    /// The folder below `Tests/Applications`.
    let folder: String
    /// A service, and a command in it that prints the version of the release it runs in.
    var tellsVersion: (service: String, command: [String])?
    /// Its own tools, run in that service: they write caches and byte code beside the code.
    var tools: [[String]] = []
    var keepsItems = true
    var python: Python?
    /// Paths whose bytes are the same whatever was posted, besides the first page.
    var pages: [String: String] = [:]
    /// Whether each item also lies in a file, at `/uploads/ITEM.txt`.
    var keepsFiles = false
    /// Its database on a server: what the names of both environments' begin with.
    var database: (engine: DatabaseServer.Engine, stem: String)?
    /// What Debian calls the programs it runs on.
    var packages: [String] = []

    init(_ title: String, _ folder: String) {
        (self.title, self.folder) = (title, folder)
    }

    private init(_ title: String, _ folder: String, _ complete: (inout Self) -> Void) {
        self.init(title, folder)
        complete(&self)
    }
}

extension Stranger {
    static let all = [
        site, counter, sinatra, odd, live, procfile, fastapi, celery, monorepo, express, php, django, pg,
        rails,
    ]

    static let site = Stranger("Static site", "site") {
        $0.keepsItems = false
        $0.pages = ["/about.html": "who we are\n"]
    }
    static let counter = Stranger("Compiled binary", "counter") {
        $0.tellsVersion = ("counter", ["./counter", "--version"])
        $0.tools = [["gcc", "-c", "counter.c"]]
        $0.packages = ["gcc", "libc6-dev"]
    }
    static let sinatra = Stranger("Ruby (Sinatra, puma)", "sinatra") {
        $0.tellsVersion = ("web", ["ruby", "-r", "./version", "-e", "puts VERSION"])
        $0.tools = [["rake", "tmp:warm"]]
        $0.packages = ["puma", "rake", "ruby-sinatra", "ruby-sqlite3"]
    }
    static let odd = Stranger("Odd programs", "odd") {
        $0.tellsVersion = ("app", ["python3", "-c", "import version; print(version.VERSION)"])
        $0.tools = [["python3", "-m", "compileall", "-q", "-f", "."]]
    }
    static let live = Stranger("WebSocket and event stream (aiohttp)", "live") {
        $0.tellsVersion = ("live", [".venv/bin/python", "version.py"])
        $0.tools = [[".venv/bin/python", "-m", "compileall", "-q", "-f", "."]]
        $0.python = .wheels
    }
    static let procfile = Stranger("Procfile", "procfile") {
        $0.tellsVersion = ("web", [".venv/bin/python", "-c", "import app; print(app.VERSION)"])
        $0.tools = [
            [".venv/bin/python", "manage.py", "count"],
            [".venv/bin/python", "-m", "compileall", "-q", "-f", "."],
        ]
        $0.python = .wheels
    }
    static let fastapi = Stranger("FastAPI, Alembic", "fastapi") {
        $0.tellsVersion = ("api", [".venv/bin/python", "-c", "import app; print(app.__version__)"])
        $0.tools = [
            [".venv/bin/python", "-m", "alembic", "current"],
            [".venv/bin/python", "-m", "alembic", "check"],
            [".venv/bin/python", "-m", "compileall", "-q", "-f", "app", "alembic"],
        ]
        $0.python = .shared
    }
    /// Of which the tests know no definition but the one that `init` writes.
    static let go = Stranger("Go", "go")
    static let node = Stranger("Node without packages", "node")
    static let celery = Stranger("Flask, Celery", "celery") {
        $0.tellsVersion = ("worker", [".venv/bin/python", "version.py"])
        $0.tools = [[".venv/bin/python", "-m", "celery", "-A", "tasks", "report"]]
        $0.python = .shared
        $0.packages = ["redis-server"]
    }
    static let monorepo = Stranger("Several services", "monorepo") {
        $0.tellsVersion = ("gateway", ["python3", "backend/version.py"])
        $0.tools = [["python3", "-m", "compileall", "-q", "-f", "backend"]]
    }
    static let express = Stranger("Node (express), MariaDB", "express") {
        $0.tellsVersion = ("web", ["node", "--print", "require('./version')"])
        $0.tools = [["node", "warm.js"]]
        $0.keepsFiles = true
        $0.database = (.mysql, "notes")
        $0.packages = ["node-express", "node-mysql"]
    }
    static let php = Stranger("PHP, MariaDB", "php") {
        $0.tellsVersion = ("php", ["php", "-r", "require 'version.php'; echo VERSION;"])
        $0.tools = [["php", "warm.php"]]
        $0.database = (.mysql, "visits")
        $0.packages = ["php-cli", "php-mysql"]
    }
    static let django = Stranger("Django with Celery, PostgreSQL", "django") {
        let count = "from notes.models import Note; from notes.version import VERSION; print(VERSION)"
        $0.tellsVersion = ("web", [".venv/bin/python", "manage.py", "shell", "-c", count])
        $0.tools = ["check", "showmigrations", "makemigrations", "collectstatic --noinput --clear"].map {
            [".venv/bin/python", "manage.py"] + $0.split(separator: " ").map(String.init)
        }
        $0.python = .shared
        $0.pages = ["/static/notes.css": "body { color: black }\n"]
        $0.database = (.postgresql, "mysite")
        $0.packages = ["redis-server"]
    }
    static let pg = Stranger("Node, PostgreSQL", "pg") {
        $0.tellsVersion = ("web", ["node", "--print", "require('./version')"])
        $0.tools = [["node", "warm.js"]]
        $0.database = (.postgresql, "journal")
        $0.packages = ["node-pg"]
    }
    static let rails = Stranger("Ruby on Rails, PostgreSQL", "rails") {
        $0.tellsVersion = ("web", ["ruby", "-r", "./version", "-e", "puts VERSION"])
        $0.tools = ["tmp:create", "db:migrate:status"].map { ["ruby", "bin/rails", $0] }
        $0.database = (.postgresql, "blog")
        $0.packages = ["puma", "ruby-actionpack", "ruby-activerecord", "ruby-pg", "ruby-railties"]
    }
}
