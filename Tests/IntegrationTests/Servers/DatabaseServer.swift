import DeployTestSupport
import Foundation
import XCTest

/// A database server of the machine and who the tests are on it; an administrator.
struct DatabaseServer {
    enum Engine: String { case mysql, postgresql }

    let engine: Engine
    let host: String
    let port: Int
    let user: String
    let password: String

    /// Skips where there is no such server; fails there when everything is required.
    init(_ engine: Engine) throws {
        let variables = ProcessInfo.processInfo.environment
        let prefix = engine == .mysql ? "TB_MARIADB" : "TB_POSTGRES"
        guard let host = variables["\(prefix)_HOST"], let user = variables["\(prefix)_USER"],
            let port = variables["\(prefix)_PORT"].flatMap(Int.init),
            let password = variables["\(prefix)_PASSWORD"]
        else {
            throw lacking("\(engine.rawValue) server named by \(prefix)_HOST, _PORT, _USER and _PASSWORD")
        }
        (self.engine, self.host, self.port) = (engine, host, port)
        (self.user, self.password) = (user, password)
    }

    /// The client, reading statements from the file `script`.
    func client(_ script: String, in database: String?) -> (words: [String], environment: [String: String]) {
        switch engine {
        case .mysql:
            let words = [
                "mariadb", "--no-defaults", "--protocol=TCP", "--host=\(host)", "--port=\(port)",
                "--user=\(user)",
                "--batch", "--skip-column-names", "--execute=source \(script)",
            ]
            return (words + (database.map { ["--database=\($0)"] } ?? []), ["MYSQL_PWD": password])
        case .postgresql:
            return (
                ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-f", script],
                [
                    "PGHOST": host, "PGPORT": "\(port)", "PGUSER": user, "PGPASSWORD": password,
                    "PGDATABASE": database ?? "postgres", "PGOPTIONS": "-c client_min_messages=error",
                ]
            )
        }
    }
}

/// What to ask each product.
extension DatabaseServer {
    func creation(of user: String, _ password: String) -> String {
        switch engine {
        case .mysql: "CREATE USER '\(user)'@'%' IDENTIFIED BY '\(password)';"
        case .postgresql: "CREATE ROLE \(user) LOGIN PASSWORD '\(password)';"
        }
    }

    func change(of user: String, _ password: String) -> String {
        switch engine {
        case .mysql: "ALTER USER '\(user)'@'%' IDENTIFIED BY '\(password)';"
        case .postgresql: "ALTER ROLE \(user) PASSWORD '\(password)';"
        }
    }

    func databases(from stem: String) -> String {
        switch engine {
        case .mysql:
            "SELECT schema_name FROM information_schema.schemata WHERE LEFT(schema_name, \(stem.count)) = '\(stem)' ORDER BY 1;"
        case .postgresql:
            "SELECT datname FROM pg_database WHERE starts_with(datname, '\(stem)') ORDER BY 1;"
        }
    }

    func removal(of database: String) -> String {
        engine == .mysql ? "DROP DATABASE \(database);" : "DROP DATABASE \(database) WITH (FORCE);"
    }

    func users(named name: String) -> String {
        engine == .mysql
            ? "SELECT user FROM mysql.user WHERE user = '\(name)';"
            : "SELECT rolname FROM pg_roles WHERE rolname = '\(name)';"
    }

    func removal(ofUser user: String) -> String {
        engine == .mysql ? "DROP USER IF EXISTS '\(user)'@'%';" : "DROP ROLE IF EXISTS \(user);"
    }

    /// Statements and connections that have to do with these databases.
    func sessions(from stem: String) -> String {
        switch engine {
        case .mysql:
            """
            SELECT CONCAT_WS(' ', id, user, db, command, REPLACE(info, '\\n', ' ')) FROM information_schema.processlist
            WHERE id <> CONNECTION_ID() AND (db LIKE '\(stem)%' OR info LIKE '%\(stem)%');
            """
        case .postgresql:
            """
            SELECT concat_ws(' ', pid, usename, datname, state, replace(query, E'\\n', ' ')) FROM pg_stat_activity
            WHERE pid <> pg_backend_pid() AND (starts_with(datname, '\(stem)') OR strpos(query, '\(stem)') > 0);
            """
        }
    }

    /// Databases in which what is scheduled runs; each of the application's has one such thing, where there are any.
    func schedules(from stem: String) -> String? {
        engine == .postgresql
            ? nil
            : "SELECT event_schema FROM information_schema.events WHERE event_schema LIKE '\(stem)%' AND status = 'ENABLED';"
    }

    /// Those who wait in this database as `wait(in:)` does.
    func waiting(in database: String) -> String {
        switch engine {
        case .mysql:
            "SELECT id FROM information_schema.processlist WHERE db = '\(database)' AND info LIKE 'SELECT SLEEP%';"
        case .postgresql:
            "SELECT pid FROM pg_stat_activity WHERE datname = '\(database)' AND wait_event = 'PgSleep';"
        }
    }

    var itemTable: String {
        switch engine {
        case .mysql:
            """
            CREATE TABLE item (id INT AUTO_INCREMENT PRIMARY KEY, text VARCHAR(200) NOT NULL) ENGINE = InnoDB;
            CREATE EVENT tidy ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01 00:00:00' DO DELETE FROM item WHERE id < 0;

            """
        case .postgresql: "CREATE TABLE item (id SERIAL PRIMARY KEY, text TEXT NOT NULL);\n"
        }
    }

    /// A table that takes a while to be dumped and restored.
    func ballast(rows: Int) -> String {
        switch engine {
        case .mysql:
            "CREATE TABLE ballast (n INT PRIMARY KEY, text CHAR(64) NOT NULL) SELECT seq AS n, SHA2(seq, 256) AS text FROM seq_1_to_\(rows);\n"
        case .postgresql:
            "CREATE TABLE ballast AS SELECT n, encode(sha256(n::text::bytea), 'hex') AS text FROM generate_series(1, \(rows)) n;\n"
        }
    }

    /// Waits in this database only, for the seconds in its table `pace`.
    func wait(in database: String) -> String {
        switch engine {
        case .mysql: "SELECT SLEEP(IF(DATABASE() = '\(database)', (SELECT MAX(seconds) FROM pace), 0));\n"
        case .postgresql:
            """
            DO $$ BEGIN PERFORM pg_sleep(CASE current_database() WHEN '\(database)'
                THEN (SELECT max(seconds) FROM pace) ELSE 0 END); END $$;

            """
        }
    }
}
