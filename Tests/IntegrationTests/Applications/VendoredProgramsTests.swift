import DeployTestSupport
import Foundation
import XCTest

/// Programs that a package manager puts into the release, with links, shebangs and paths of their own, run wherever the
/// release is.
final class VendoredProgramsTests: XCTestCase {
    private func world(building commands: String, running program: String) throws -> (ProjectWorld, [Int]) {
        if ProcessInfo.processInfo.environment["DEPLOYCTL_TEST_WITHOUT"] == "applications" {
            throw XCTSkip("skipped: the packages of other people's applications could not be fetched")
        }
        let world = try ProjectWorld(for: self)
        world.patience = 180
        world.variables["PATH"] = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
        let staging = try HTTP.freePort()
        let ports = [staging, try HTTP.freePort(except: staging)]
        try world.write(
            """
            {"project": "vendored", "build": \(commands), "drain": "300ms", "watch": "0s",
             "services": {"web": {"role": "app", "command": ["\(program)"], "listen": "tcp", "health": {"path": "/"}}}}
            """, to: "environments/base.json")
        for (name, rules, port) in [
            ("staging", "", ports[0]), ("production", #", "promotion": {"from": "staging"}"#, ports[1]),
        ] {
            try world.write(
                #"{"extends": "base.json", "ports": {"http": \#(port)}\#(rules)}"#,
                to: "environments/\(name).json")
        }
        try world.write(
            ".deployctl/\nbackups/\nlogs/\nnode_modules/\nvendor/bundle/\n.bundle/\nbin/\n", to: ".gitignore")
        return (world, ports)
    }

    /// Two releases go to production, and the first comes back.
    private func goForthAndBack(_ world: ProjectWorld, _ ports: [Int], _ change: () throws -> Void) throws {
        func says(_ word: String, _ port: Int) throws {
            let answer = HTTP.ask("GET", "/", port: port)
            XCTAssertEqual(answer.status, 200, answer.body)
            XCTAssertEqual(answer.body.trimmingCharacters(in: .newlines), word)
        }
        try world.beginRepository()
        for (number, word) in ["one", "two"].enumerated() {
            if number == 1 {
                try change()
                try world.commit("Two")
            }
            try world.run("staging").expect(0)
            try says(word, ports[0])
            try world.run("production", "--confirm", "CONFIRM").expect(0)
            try says(word, ports[1])
        }
        try world.run("rollback", "previous", "--confirm", "CONFIRM").expect(0)
        try says("one", ports[1])
        try world.run("status").expect(0)
    }

    func testProgramsOfNpmGoForthAndBack_I14() throws {
        try require("node", "npm")
        let (world, ports) = try world(
            building: #"[["npm", "ci", "--offline", "--no-audit", "--no-fund"]]"#,
            running: "node_modules/.bin/hello")
        let tool = """
            #!/usr/bin/env node
            require("http").createServer((_, answer) => answer.end("one\\n"))
              .listen(process.env.PORT, process.env.HOST || "127.0.0.1");

            """
        try world.write(
            #"{"name": "hello", "version": "1.0.0", "bin": "hello.js"}"#, to: "hello/package.json")
        try world.write(tool, to: "hello/hello.js")
        try world.runProgram(["chmod", "755", "\(world.project)/hello/hello.js"]).expect(0)
        try world.write(
            #"{"name": "app", "version": "1.0.0", "dependencies": {"hello": "file:hello"}}"#,
            to: "package.json")
        try world.runProgram(
            [
                "npm", "install", "--prefix", world.project, "--offline", "--no-audit", "--no-fund",
                "--package-lock-only",
            ]
        ).expect(0)
        try goForthAndBack(world, ports) {
            try world.write(tool.replacingOccurrences(of: "one", with: "two"), to: "hello/hello.js")
        }
    }

    func testProgramsOfBundlerGoForthAndBack_I14() throws {
        try require("ruby", "gem", "bundle")
        let (world, ports) = try world(
            building:
                #"[["bundle", "config", "set", "--local", "deployment", "true"], ["bundle", "install", "--local"], ["bundle", "binstubs", "hello"]]"#,
            running: "bin/hello")
        try bringGem("one", "1.0.0", to: world)
        try goForthAndBack(world, ports) { try bringGem("two", "2.0.0", to: world) }
    }

    /// A gem with a program, in the project's own cache, and the files that name it.
    private func bringGem(_ word: String, _ version: String, to world: ProjectWorld) throws {
        let place = "\(world.folder)/hello-\(version)"
        let specification =
            #"Gem::Specification.new { |s| s.name = "hello"; s.version = "\#(version)"; s.summary = "Says a word"; s.authors = ["shop"]; s.files = ["exe/hello"]; s.bindir = "exe"; s.executables = ["hello"] }"#
        let program = """
            #!/usr/bin/env ruby
            require "socket"
            server = TCPServer.new(ENV["HOST"] || "127.0.0.1", ENV["PORT"].to_i)
            while client = server.accept
              while (line = client.gets) && line != "\\r\\n"; end
              client.write "HTTP/1.1 200 OK\\r\\nContent-Length: 3\\r\\nConnection: close\\r\\n\\r\\n\(word)"
              client.close
            end

            """
        let files = FileManager.default
        try files.createDirectory(atPath: "\(place)/exe", withIntermediateDirectories: true)
        try specification.write(toFile: "\(place)/hello.gemspec", atomically: true, encoding: .utf8)
        try program.write(toFile: "\(place)/exe/hello", atomically: true, encoding: .utf8)
        try world.runProgram(["chmod", "755", "\(place)/exe/hello"]).expect(0)
        let cache = "\(world.project)/vendor/cache"
        try? files.removeItem(atPath: cache)
        try files.createDirectory(atPath: cache, withIntermediateDirectories: true)
        try world.runProgram(
            ["gem", "build", "-C", place, "hello.gemspec", "--output", "\(cache)/hello-\(version).gem"]
        ).expect(0)
        try world.write("source \"https://rubygems.org\"\ngem \"hello\"\n", to: "Gemfile")
        try world.write(
            """
            GEM
              remote: https://rubygems.org/
              specs:
                hello (\(version))

            PLATFORMS
              ruby

            DEPENDENCIES
              hello

            """, to: "Gemfile.lock")
    }
}
