import DeployTestSupport
import Foundation
import XCTest

/// The recipes of the page about tools, each deployed, lied to, promoted and gone back with.
final class ToolRecipeTests: XCTestCase {
    func testWrangler() throws { try deploy("Cloudflare Workers (wrangler)", as: "{}") }
    func testKubectl() throws { try deploy("Kubernetes (kubectl)", as: "shop-{}") }
    func testHelm() throws {
        try deploy("Helm", as: "shop-{}") { shop in
            // As a helm leaves it that was ended halfway.
            let path = "\(shop.folder)/clouds.json"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            try text.replacingOccurrences(
                of: "\"shop-production\": {", with: "\"shop-production\": {\"state\": \"pending-upgrade\", "
            ).write(toFile: path, atomically: true, encoding: .utf8)
        }
    }
    func testNomad() throws { try deploy("Nomad", as: "shop-{}") }
    func testFly() throws { try deploy("Fly", as: "shop-{}", stops: false) }

    /// `meddle` befalls production before the second release comes.
    private func deploy(
        _ section: String, as cloud: String, stops: Bool = true,
        meddle: (RecipeShop) throws -> Void = { _ in }
    ) throws {
        try require("jq")
        let shop = try RecipeShop(for: self, section)
        func release(_ environment: String) throws -> String? {
            try shop.release(cloud.replacingOccurrences(of: "{}", with: environment))
        }
        let one = try shop.stage("one")
        XCTAssertEqual(try release("staging"), one)
        XCTAssertNil(try release("production"))
        try shop.promote()
        let two = try shop.stage("two")
        try shop.lie(true)
        let run = try shop.run("production", "--confirm", "CONFIRM").expect(15)
        XCTAssertTrue(run.errors.contains("release \(one) is running"), run.errors)
        XCTAssertEqual(try release("production"), one)
        try shop.lie(false)
        try shop.fail(true)
        let drift = try shop.status("production").place.drift
        XCTAssertTrue(drift.contains { $0.contains("the API is down") }, "\(drift)")
        try shop.fail(false)
        try meddle(shop)
        try shop.promote()
        XCTAssertEqual(try release("production"), two)
        try shop.run("rollback", one, "--confirm", "CONFIRM").expect(0)
        XCTAssertEqual(try release("production"), one)
        XCTAssertEqual(try release("staging"), two)
        XCTAssertEqual(try shop.status("production").code, 0)
        guard stops else { return }
        try shop.run("stop", "production").expect(0)
        XCTAssertNil(try release("production"))
    }
}

/// A shop with the definitions and scripts of one section, and a stand-in for every tool of the page.
private final class RecipeShop: ProjectWorld, @unchecked Sendable {
    init(for test: XCTestCase, _ section: String) throws {
        try super.init(for: test)
        let text = try Self.text(of: section)
        for part in text.matches(
            of: #/(?m)^// (?<path>environments\/\w+\.json)\n(?<text>(?:(?!\/\/ |```).*\n)*)/#)
        {
            try write(
                String(part.output.text).replacing(#/"timeout": "\d+m"/#, with: "\"timeout\": \"6s\"")
                    .replacing("\"project\":", with: "\"watch\": \"0s\", \"project\":"),
                to: String(part.output.path))
        }
        for script in text.matches(of: #/(?m)^```sh\n(?<text>#!.*\n# (?<path>\S+)\n(?:(?!```).*\n)*)/#) {
            try put(String(script.output.text), at: "\(project)/\(script.output.path)", 0o755)
        }
        for secret in text.matches(of: #/"(?<path>\.secrets\/\w+\/\w+)"/#) {
            try put("secret of \(secret.output.path)", at: "\(project)/\(secret.output.path)", 0o600)
        }
        for name in CloudStandIn.names {
            try put("#!/usr/bin/python3 -IS\n\(CloudStandIn.script)", at: "\(folder)/bin/\(name)", 0o755)
        }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        variables["PATH"] = "\(folder)/bin:\(path):/usr/sbin:/sbin"
        try write(
            "metadata: {annotations: {deployctl/release: \"RELEASE\"}, image: \"shop:COMMIT\"}\n",
            to: "k8s/web.yaml")
        try write(".deployctl/\nbackups/\nlogs/\n.secrets/\n", to: ".gitignore")
        try write("zero", to: "version")
        try beginRepository()
    }

    private static func text(of section: String) throws -> String {
        let page = try String(
            contentsOfFile: "\(package)/Sources/DeployCore/Documentation.docc/OwnTools.md", encoding: .utf8)
        let parts = page.components(separatedBy: "\n## ")
        return try XCTUnwrap(parts.first { $0.hasPrefix("\(section)\n") }, "the page has no \(section)")
    }

    private func put(_ text: String, at path: String, _ mode: Int) throws {
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    func stage(_ version: String) throws -> String {
        try commit(["version": version], version)
        try run("staging").expect(0)
        return try XCTUnwrap(try status("staging").place.release)
    }

    func promote() throws { try run("production", "--confirm", "CONFIRM").expect(0) }

    func lie(_ lies: Bool) throws { try mark("lie", lies) }
    func fail(_ fails: Bool) throws { try mark("down", fails) }

    private func mark(_ name: String, _ isSet: Bool) throws {
        let path = "\(folder)/\(name)"
        if isSet { try put("", at: path, 0o644) } else { try FileManager.default.removeItem(atPath: path) }
    }

    /// What the stand-in has in a cloud; nil for nothing.
    func release(_ cloud: String) throws -> String? {
        struct Cloud: Decodable { let release: String }
        guard let data = FileManager.default.contents(atPath: "\(folder)/clouds.json") else { return nil }
        return try JSONDecoder().decode([String: Cloud].self, from: data)[cloud]?.release
    }
}
