import DeployAdapters
import DeployTestSupport
import Foundation

@testable import DeployCore

/// A shop that serves, of which a kit was made; the key that opens it lies outside of the project.
struct KitShop {
    let shop: DeployctlFixture
    /// Absolute.
    let key, kit: String
    private let recipient: String
    /// Whether it is encrypted for a key ring.
    private let byRing: Bool
    static let token = "canary-of-a-token"

    init(_ shop: DeployctlFixture, byRing: Bool = false) throws {
        (self.shop, self.byRing) = (shop, byRing)
        (key, kit) = (
            "\(shop.folder)/backup.key", "\(shop.folder)/shop.kit.\(byRing ? "gpg" : "age")"
        )
        recipient = try byRing ? Self.makeRing(shop) : Self.makeKey(key, shop)
        let encryption =
            byRing
            ? "{\"with\": \"gpg\", \"recipients\": [\"\(recipient)\"]}"
            : "{\"with\": \"age\", \"recipients\": [\"\(recipient)\"], \"identity\": \"\(key)\"}"
        try shop.append("\n.secrets/\n", to: ".gitignore")
        try shop.replace(
            "\"backup\": {",
            with:
                "\"secrets\": {\"TOKEN\": {\"file\": \".secrets/production/TOKEN\"}}, \"backup\": {\"encrypt\": \(encryption), ",
            in: "environments/production.json")
        try shop.commit("Encrypt")
        try shop.run("secret", "set", "production", "TOKEN", input: Self.token).expect(0)
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.post("kept", to: "production")
        try shop.post("tried", to: "staging")
    }

    private static func makeKey(_ key: String, _ shop: DeployctlFixture) throws -> String {
        try shop.runProgram(["age-keygen", "-o", key]).expect(0)
        try shop.runProgram(["chmod", "600", key]).expect(0)
        return try shop.runProgram(["age-keygen", "-y", key]).expect(0).output
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func makeRing(_ shop: DeployctlFixture) throws -> String {
        let owner = "deploy@example.org"
        let generate =
            "gpg --batch --quiet --passphrase '' --quick-generate-key \(owner) default default never"
        try shop.runProgram(["sh", "-ec", "umask 077; mkdir -p \"$HOME/.gnupg\"; \(generate)"]).expect(0)
        return owner
    }

    func create(_ flags: String...) throws -> ProgramRun {
        try shop.run(["kit", "create", "--out", kit] + flags).expect(0)
    }

    func adopt(_ flags: String..., from file: String? = nil) throws -> ProgramRun {
        try shop.run(adopting(from: file) + flags)
    }

    func adopting(from file: String? = nil) -> [String] {
        ["kit", "adopt", file ?? kit] + (byRing ? [] : ["--identity", key]) + ["--confirm", "CONFIRM"]
    }

    /// The machine is lost: nothing runs, and the project's folder is an empty one.
    func lose() throws {
        for name in ["production", "staging"] { _ = try? shop.run("stop", name) }
        let all = try FileManager.default.contentsOfDirectory(atPath: shop.project)
        for name in all { try FileManager.default.removeItem(atPath: "\(shop.project)/\(name)") }
    }

    /// The same kit with something changed in it; `relisting`: with a list that fits.
    func changed(relisting: Bool = true, _ change: String) throws -> String {
        let (folder, file) = ("\(shop.folder)/opened", "\(shop.folder)/changed.kit.age")
        try sh(
            "rm -rf \(folder) \(file); mkdir \(folder); age -d -i \(key) \(kit) | zstd -dc | tar x -C \(folder)"
        )
        try sh("cd \(folder); \(change)")
        if relisting {
            let list = "\(folder)/kit.json"
            let content = try KitFile.content(of: folder, LocalFileStore()).digest
            var manifest = try JSON.value(
                KitManifest.self, from: Data(contentsOf: URL(fileURLWithPath: list)), named: list)
            manifest.content = content
            try JSON.data(manifest).write(to: URL(fileURLWithPath: list))
        }
        try sh("tar c -C \(folder) . | zstd -qc | age -r \(recipient) > \(file)")
        return file
    }

    /// A file that is encrypted well, of whatever a shell prints.
    func sealed(_ printing: String) throws -> String {
        let file = "\(shop.folder)/odd.kit.age"
        try sh("cd \(shop.folder); { \(printing); } | age -r \(recipient) > \(file)")
        return file
    }

    func sh(_ text: String) throws {
        try shop.runProgram(["bash", "-ec", "set -o pipefail; umask 077; \(text)"]).expect(0, text)
    }
}
