import DeployTestSupport
import Foundation
import XCTest

/// A copy of the quickstart project with ports of its own.
final class QuickstartWorld: ProjectWorld, @unchecked Sendable {
    let ports: [String: Int]

    init(for test: XCTestCase?, at place: String = "p", isRepository: Bool = true) throws {
        let staging = try HTTP.freePort()
        ports = ["18080": staging, "18081": try HTTP.freePort(except: staging)]
        try super.init(for: test, at: place)
        variables["DEPLOYCTL_PERFORMER"] = "deploy@example.org"
        try copyQuickstart()
        guard isRepository else { return }
        try writeSecrets()
        try beginRepository()
    }

    /// Commits one more migration and everything that changed.
    func commitMigration(named name: String, _ sql: String) throws {
        try commit(["migrations/\(name)": sql], "Add \(name)")
    }
}

extension QuickstartWorld {
    private func copyQuickstart() throws {
        let source = "\(Self.package)/environments/quickstart"
        let files = FileManager.default
        for name in try files.contentsOfDirectory(atPath: source)
        where ![".deployctl", "logs", "backups", "uploads", ".secrets"].contains(name) {
            try files.copyItem(atPath: "\(source)/\(name)", toPath: "\(project)/\(name)")
        }
        try? files.removeItem(atPath: "\(project)/demo/__pycache__")
        try? files.removeItem(atPath: "\(project)/app/__pycache__")
        for environment in ["staging", "production"] {
            let file = "environments/\(environment).json"
            try write(withOwnPorts(read(file)), to: file)
        }
    }

    /// The quickstart's usual ports replaced by this world's.
    func withOwnPorts(_ text: String) -> String {
        ports.reduce(text) { $0.replacingOccurrences(of: $1.key, with: "\($1.value)") }
    }

    /// This world's ports replaced by the quickstart's usual ones.
    func withUsualPorts(_ text: String) -> String {
        ports.reduce(text) { $0.replacingOccurrences(of: "\($1.value)", with: $1.key) }
    }

    private func writeSecrets() throws {
        for environment in ["staging", "production"] {
            let folder = "\(project)/.secrets/\(environment)"
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            _ = FileManager.default.createFile(
                atPath: "\(folder)/session-key", contents: Data("\(environment)-0123456789abcdef\n".utf8),
                attributes: [.posixPermissions: 0o600])
        }
    }
}
