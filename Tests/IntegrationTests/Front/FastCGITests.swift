import DeployTestSupport
import Foundation
import XCTest

/// php-fpm runs the scripts that were sealed, and nothing else that is called one.
final class FastCGITests: XCTestCase {
    private static let pool = """
        [global]
        error_log = /proc/self/fd/2
        [www]
        listen = ${SOCKET}
        pm = static
        pm.max_children = 1
        clear_env = no
        """

    private static let evil = "<?php echo 'EVIL';"

    private func world() throws -> DeployctlFixture {
        let program = ["/usr/sbin/php-fpm8.2", "/usr/sbin/php-fpm8.4"].first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
        guard let program else { throw lacking("php-fpm") }
        let world = try DeployctlFixture(for: self)
        try world.write(
            """
            {"project": "shop", "shared": ["public/uploads"], "drain": "1s", "watch": "0s", "services": {
             "php": {"role": "app", "listen": "socket", "protocol": "fastcgi", "root": "public", "health": {"path": "/health"},
                     "command": ["\(program)", "--nodaemonize", "--fpm-config", "fpm.conf", "--allow-to-run-as-root"]},
             "front": {"role": "edge", "routes": {"/": "php", "/uploads": "public/uploads"}}}}
            """, to: "environments/base.json")
        try world.write(Self.pool, to: "fpm.conf")
        try world.write(
            """
            <?php echo implode(' ', ['index', $_SERVER['SCRIPT_NAME'], $_SERVER['PATH_INFO'] ?? '', $_SERVER['QUERY_STRING'],
            $_SERVER['HTTP_PROXY'] ?? '', $_SERVER['REQUEST_METHOD'], file_get_contents('php://input')]);
            """, to: "public/index.php")
        try world.write("<?php echo 'shop ', $_SERVER['PATH_INFO'] ?? '';", to: "public/shop/index.php")
        for (path, text) in [
            ("public/a.css", "css"), ("public/x.jpg", Self.evil), ("public/old.php.bak", Self.evil),
            ("public/.hidden.php", Self.evil), ("outside.php", Self.evil),
        ] { try world.write(text, to: path) }
        try world.commit("PHP")
        try world.run("staging").expect(0)
        return world
    }

    func testOnlySealedScriptsAreRun_S08() throws {
        let world = try world()
        let current = "\(world.project)/.deployctl/staging/current/public"
        for path in ["\(current)/written.php", "\(current)/uploads/sent.php"] {
            try Self.evil.write(toFile: path, atomically: true, encoding: .utf8)
        }
        func ask(_ path: String, _ options: String...) throws -> String {
            try world.runProgram(
                ["curl", "-sS", "--path-as-is", "-H", "Proxy: evil"] + options
                    + ["http://127.0.0.1:\(world.port("staging"))\(path)"]
            ).output
        }
        for (path, answer) in [
            ("/", "index /index.php    GET "), ("/index.php/a/b?x=1", "index /index.php /a/b x=1  GET "),
            ("/nothing/here?y", "index /index.php  y  GET "), ("/shop/", "shop "),
            ("/shop/index.php/i", "shop /i"), ("/a.css", "css"), ("/x.jpg", Self.evil),
        ] { XCTAssertEqual(try ask(path), answer, path) }
        XCTAssertEqual(try ask("/send", "-d", "body"), "index /index.php    POST body")
        for path in [
            "/written.php", "/x.jpg/y.php", "/x.jpg/index.php", "/uploads/sent.php/y.php", "/old.php.bak",
            "/.hidden.php", "/../outside.php", "/%2e%2e/outside.php",
        ] { XCTAssertFalse(try ask(path).contains("EVIL"), path) }
        XCTAssertEqual(try ask("/uploads/sent.php"), Self.evil, "it is a file like any other there")
        try world.run("status", "staging").expect(0)
    }
}
