/// Which database the code speaks to: by the drivers it names.
struct DatabaseDetector: Detector {
    private static let drivers: [(engine: Environment.Database.Engine, words: [String])] = [
        (
            .postgresql,
            [
                "psycopg", "asyncpg", "require('pg')", "require(\"pg\")", "from 'pg'", "\"pg\":", "gem 'pg'",
                "gem \"pg\"",
                "lib/pq", "jackc/pgx", "pgsql:", "tokio-postgres", "\"postgres\"]",
                "adapter: postgresql",
            ]
        ),
        (
            .mysql,
            [
                "pymysql", "mysqlclient", "require('mysql", "require(\"mysql", "from 'mysql", "\"mysql2\":",
                "\"mysql\":", "gem 'mysql2'", "go-sql-driver/mysql", "mysql:host", "mysql.connector",
                "adapter: mysql2",
            ]
        ),
        (
            .sqlite,
            [
                "sqlite3", "better-sqlite3", "rusqlite", "sqlite:", "aiosqlite", "node:sqlite", "sqlalchemy",
                "dj_database_url", "dj-database-url",
            ]
        ),
    ]
    private static let manifests = [
        "requirements.txt", "pyproject.toml", "package.json", "Gemfile", "go.mod", "Cargo.toml",
        "config/database.yml",
    ]

    func look(at repository: RepositoryFiles, adding sketch: inout ApplicationSketch) {
        // What holds the data of containers is a service of theirs, which the Compose file describes.
        guard sketch.composeFile == nil else { return }
        let texts = repository.code.map(\.text) + Self.manifests.compactMap(repository.text)
        let asks = texts.contains { text in
            text.holds("DATABASE_URL") || text.holds("dj_database_url")
                || VariablesDetector.parts.contains { text.holds($0.name) }
        }
        guard asks || sketch.migrations != nil else { return }
        let lower = texts.map(\.lowered)
        sketch.engine =
            Self.drivers.first { driver in
                driver.words.contains { word in lower.contains { $0.holds(word) } }
            }?.engine ?? .sqlite
    }
}
