import DeployTestSupport
import XCTest

@testable import DeployAdapters
@testable import DeployCore

/// One advice for one failure, whatever a server's client was asked for.
final class AccountAdviceTests: XCTestCase {
    /// `serves`: whether a release was started there.
    private func access(_ engine: Environment.Database.Engine, serves: Bool = true) -> ServerAccess {
        var database = Environment.Database(engine: engine)
        (database.host, database.name, database.user) = ("127.0.0.1", "shop_live", "shop")
        database.password = .file(".secrets/live/db")
        database.admin = .init(user: "keeper", password: .environment("KEEPER"))
        var environment = Environment(name: "live", project: "shop")
        environment.database = database
        let (layout, files) = (Layout(project: "/p", environment: environment), MemoryFileStore())
        if serves {
            try? files.makeFolder("/p/.deployctl/live/run")
            try? files.pointLink(layout.currentInstance, to: "20261128000000")
        }
        return ServerAccess(
            layout, commands: ProcessCommandRunner(interruption: FakeInterruption()),
            secrets: FixedSecrets(values: [:]), files: files)
    }

    private func advice(_ engine: Environment.Database.Engine, _ words: String) -> String? {
        access(engine).advice(for: "ended with status 2\n\(words)")
    }

    private func postgres(_ words: String) -> String? {
        advice(.postgresql, "psql: error: connection failed: \(words)")
    }

    func testARoleThatIsNotLetInIsFollowedByTheLineToType() throws {
        XCTAssertEqual(
            postgres("FATAL:  role \"shop\" does not exist"),
            "as the server's administrator, where it runs: createuser --pwprompt shop")
        XCTAssertEqual(
            postgres("FATAL:  role \"shop\" is not permitted to log in"),
            "as the server's administrator, where it runs: psql -c 'ALTER ROLE \"shop\" LOGIN'")
        let unknown = try XCTUnwrap(postgres("FATAL:  password authentication failed for user \"it's\""))
        XCTAssertTrue(unknown.hasSuffix("createuser --pwprompt 'it'\\''s'"), unknown)
        XCTAssertNil(postgres("FATAL:  database \"shop\" does not exist"))
        XCTAssertNil(postgres("ERROR:  role \"shop\" does not exist"), "what a script names")
    }

    func testAWrongPasswordNamesThePlaceOfTheOneThatIsUsed() throws {
        let denial = "FATAL:  password authentication failed for user"
        func mysql(_ user: String) -> String {
            "ERROR 1045 (28000): Access denied for user '\(user)'@'localhost' (using password: YES)"
        }
        for own in [postgres("\(denial) \"shop\""), advice(.mysql, mysql("shop"))] {
            XCTAssertEqual(
                own?.contains(
                    "deployctl secret set live database.password, then deployctl restart live;"), true,
                own ?? "")
        }
        for admin in [postgres("\(denial) \"keeper\""), advice(.mysql, mysql("keeper"))] {
            XCTAssertEqual(
                admin?.hasPrefix(
                    "put the password that the server knows into the environment variable KEEPER;"), true,
                admin ?? "")
        }
        let dump =
            "mariadb-dump: Got error: 1045: \"Access denied for user 'shop'@'localhost' (using password: YES)\" when trying to connect"
        XCTAssertEqual(advice(.mysql, dump), advice(.mysql, mysql("shop")), "the program that dumps")
    }

    func testWhereNothingServesNothingIsStartedAgain() throws {
        let denial =
            "psql: error: connection failed: FATAL:  password authentication failed for user \"shop\""
        let advice = try XCTUnwrap(access(.postgresql, serves: false).advice(for: denial))
        XCTAssertTrue(advice.contains("secret set live database.password, then deployctl live;"), advice)
    }

    func testAMissingRightIsFollowedByTheStatementThatGivesIt() throws {
        let asAdministrator = "as the server's administrator, where it runs: psql -c"
        XCTAssertEqual(
            postgres("ERROR:  permission denied to create database"),
            "\(asAdministrator) 'ALTER ROLE \"keeper\" CREATEDB'")
        for words in ["must be member of role \"shop\"", "must be able to SET ROLE \"shop\""] {
            XCTAssertEqual(
                postgres("ERROR:  \(words)"), "\(asAdministrator) 'GRANT \"shop\" TO \"keeper\"'")
        }
        XCTAssertEqual(
            advice(.mysql, "ERROR 1044 (42000): Access denied for user 'shop'@'%' to database 'shop_live'"),
            "as the server's administrator: GRANT ALL PRIVILEGES ON `shop\\_live`.* TO `shop`@`%`")
        let keeper = advice(
            .mysql, "ERROR 1044 (42000): Access denied for user 'keeper'@'%' to database 'shop_live__1'")
        XCTAssertEqual(
            keeper?.hasPrefix(
                "as the server's administrator: GRANT ALL PRIVILEGES ON `shop\\_live`.* TO `keeper`@`%` WITH GRANT OPTION; GRANT ALL PRIVILEGES ON `shop\\_live\\_\\_%`.* TO `keeper`@`%` WITH GRANT OPTION; GRANT SELECT ON mysql.*"
            ), true, keeper ?? "")
        XCTAssertNil(advice(.mysql, "ERROR 1049 (42000): Unknown database 'shop'"))
    }

    func testTheStateOfAServerIsTold() throws {
        let cases: [(Environment.Database.Engine, String, String)] = [
            (.mysql, "ERROR 2013 (HY000) at line 4: Lost connection to server during query", "went away"),
            (
                .mysql, "mariadb-dump: Error 2013: Lost connection when dumping table `a` at row: 1",
                "went away"
            ),
            (.mysql, "ERROR 1040 (HY000): Too many connections", "max_connections"),
            (
                .mysql,
                "ERROR 1290 (HY000) at line 2: The MariaDB server is running with the --read-only option",
                "SET GLOBAL read_only = 0"
            ),
            (
                .mysql, "ERROR 3159 (HY000): Connections using insecure transport are prohibited",
                "require_secure_transport"
            ),
            (
                .mysql, "ERROR 2026 (HY000): TLS/SSL error: self-signed certificate", "update-ca-certificates"
            ),
            (
                .mysql, "ERROR 2026 (HY000): TLS/SSL error: Validation of SSL server certificate failed",
                "database.host"
            ),
            (.mysql, "ERROR 2026 (HY000): TLS/SSL error: certificate has expired", "renew"),
            (.mysql, "ERROR 1114 (HY000) at line 3: The table 'a' is full", "make room"),
            (
                .mysql, "ERROR 2002 (HY000): Can't connect to server on '127.0.0.1' (115)",
                "start the database server"
            ),
            (
                .postgresql, "psql: error: FATAL:  terminating connection due to administrator command",
                "went away"
            ),
            (.postgresql, "psql: error: FATAL:  the database system is starting up", "went away"),
            (.postgresql, "psql: error: FATAL:  sorry, too many clients already", "max_connections"),
            (
                .postgresql,
                "psql:<stdin>:3: ERROR:  cannot execute CREATE DATABASE in a read-only transaction",
                "takes writes"
            ),
            (
                .postgresql,
                "psql:<stdin>:3: ERROR:  could not extend file \"base/1\": No space left on device",
                "make room"
            ),
            (
                .postgresql,
                "psql: error: FATAL:  no pg_hba.conf entry for host \"::1\", user \"shop\", no encryption",
                "TLS"
            ),
        ]
        for (engine, words, part) in cases {
            XCTAssertEqual(
                advice(engine, words)?.contains(part), true, "\(words): \(advice(engine, words) ?? "none")")
        }
    }

    /// A client that is not let in one way comes again the other way; what is said of that is not the cause.
    func testOfTwoWaysToAServerTheOneThatWasMeantIsTold() throws {
        let start = "connection to server at \"127.0.0.1\", port 5432 failed:"
        func entry(_ encryption: String) -> String {
            "\(start) FATAL:  no pg_hba.conf entry for host \"127.0.0.1\", user \"shop\", database \"shop\", \(encryption)"
        }
        let password = "\(start) FATAL:  password authentication failed for user \"shop\""
        let cases: [(words: [String], cause: String, advice: String)] = [
            ([entry("no encryption")], "no pg_hba.conf entry", "ssl = on"),
            (
                [entry("SSL encryption"), password], "password authentication failed",
                "deployctl secret set live"
            ),
            (
                [password, entry("no encryption")], "password authentication failed",
                "deployctl secret set live"
            ),
            (
                ["\(start) SSL error: certificate verify failed", entry("no encryption")],
                "SSL error: certificate verify failed", "root.crt"
            ),
            (
                [
                    "\(start) server certificate for \"a\" does not match host name \"b\"",
                    entry("no encryption"),
                ],
                "server certificate for", "database.host"
            ),
            (
                [
                    "\(start) FATAL:  client certificates can only be checked if a root certificate store is available",
                    entry("no encryption"),
                ], "client certificates can only", "clientcert"
            ),
            (
                ["\(start) FATAL:  pg_hba.conf rejects connection for host \"127.0.0.1\", no encryption"],
                "pg_hba.conf rejects", "above the one with reject"
            ),
        ]
        for (words, cause, part) in cases {
            let text = "psql: error: " + words.joined(separator: "\n")
            let result = CommandResult(.exited(2), errors: text)
            XCTAssertTrue(
                PostgreSQLQuestion.reason(result).hasPrefix(cause), PostgreSQLQuestion.reason(result))
            let told = try XCTUnwrap(advice(.postgresql, text), text)
            XCTAssertTrue(told.contains(part), told)
        }
    }

    /// A server quotes rows; what stands in one is no cause.
    func testWhatARowSaysIsNoCause() throws {
        XCTAssertNil(
            advice(
                .mysql,
                "ERROR 1062 (23000) at line 3: Duplicate entry 'ERROR 1045 (28000): Access denied for user 'shop'@'%' (using password: YES)' for key 'a'"
            ))
    }

    func testGrantsAreReadAsTheServerMeansThem() {
        func whole(_ lines: String...) -> Bool {
            MySQLGrants(lines).all(on: "shop_live__2026_proof", passingOn: true)
        }
        XCTAssertTrue(
            whole("GRANT ALL PRIVILEGES ON *.* TO `a`@`%` IDENTIFIED BY PASSWORD 'x' WITH GRANT OPTION"))
        XCTAssertTrue(whole("GRANT ALL PRIVILEGES ON `shop\\_live%`.* TO `a`@`%` WITH GRANT OPTION"))
        XCTAssertTrue(
            whole("GRANT ALL PRIVILEGES ON `shop\\_live\\_\\_%`.* TO `a`@`%` WITH GRANT OPTION"))
        XCTAssertTrue(whole("GRANT ALL PRIVILEGES ON `shop_%`.* TO `a`@`%` WITH GRANT OPTION"))
        XCTAssertFalse(whole("GRANT ALL PRIVILEGES ON `shop\\_live%`.* TO `a`@`%`"), "passes nothing on")
        XCTAssertFalse(whole("GRANT ALL PRIVILEGES ON `shop\\_live`.* TO `a`@`%` WITH GRANT OPTION"))
        XCTAssertFalse(whole("GRANT SELECT, INSERT ON `shop%`.* TO `a`@`%` WITH GRANT OPTION"))
        XCTAssertFalse(whole("GRANT USAGE ON *.* TO `a`@`%` IDENTIFIED BY PASSWORD 'x'"))
        XCTAssertTrue(
            MySQLGrants(["GRANT PROCESS, CONNECTION_ADMIN ON *.* TO `a`@`%`"]).everywhere("CONNECTION ADMIN"))
        XCTAssertFalse(MySQLGrants(["GRANT `keepers` TO `a`@`%`"]).isWhole, "what a role has is not listed")
    }

    /// Only who ends others' connections has a right on the whole server, and each product is told its own word for it.
    func testRightsAreOnTheDatabaseAndItsCopiesAlone() {
        let alone = MySQLAdvice.statements(.admin, to: "`a`@`%`", on: "shop_live", isAlone: true)
        XCTAssertEqual(
            alone,
            ["`shop\\_live`", "`shop\\_live\\_\\_%`"].map { "GRANT ALL PRIVILEGES ON \($0).* TO `a`@`%`" })
        let keeper = MySQLAdvice.statements(.admin, to: "`k`@`%`", on: "shop_live", isAlone: false)
        XCTAssertEqual(keeper.filter { $0.contains(" ON *.* ") }.count, 1)
        XCTAssertEqual(
            keeper.last,
            "GRANT RELOAD, PROCESS /*M!100502 , CONNECTION ADMIN */ /*!80000 , CONNECTION_ADMIN */ ON *.* TO `k`@`%`"
        )
    }
}
