import DeployTestSupport
import Foundation
import XCTest

/// What somebody's application answers on another machine, asked there as the account that deploys.
struct ForeignFront {
    let stranger: Stranger
    let server: ThrowawayServer
    /// Of each environment's front.
    let ports: [String: Int]

    func post(_ item: String, to environment: String = "production") throws {
        guard stranger.keepsItems else { return }
        try expectEqual(try run(posting(item, to: environment)), "201", "\(item) is kept")
    }

    /// Prints the status.
    func posting(_ item: String, to environment: String) -> String {
        "curl -s -o /dev/null -w %{http_code} -H Content-Type:text/plain -d \(item) \(address(environment))/items"
    }

    /// Waits until the environment serves these very bytes by itself.
    func expectServed(
        _ version: String, _ items: [String], in environment: String = "production", within: Double = 30
    ) throws {
        var pages = stranger.pages
        pages["/"] = "\(version)\n"
        if stranger.keepsFiles { for item in items { pages["/uploads/\(item).txt"] = item } }
        var (found, kept): ([String: String], [String]) = ([:], [])
        let same = try eventually(within: within) {
            found = try answers(Array(pages.keys) + (stranger.keepsItems ? ["/items"] : []), of: environment)
            guard stranger.keepsItems else { return found == pages }
            // Workers do their part in whatever order.
            let lines = found.removeValue(forKey: "/items")?.components(separatedBy: "\n") ?? []
            kept = lines.filter { !$0.isEmpty }.sorted()
            return found == pages && kept == items.sorted()
        }
        try expect(
            same, "\(environment) serves \(found) and \(kept), not \(version) and \(items)")
    }

    func address(_ environment: String) -> String { "http://127.0.0.1:\(ports[environment] ?? 0)" }

    /// Bodies by path; the status in the place of one that is not 200.
    private func answers(_ paths: [String], of environment: String) throws -> [String: String] {
        let script = """
            for path in \(paths.joined(separator: " ")); do
            code=$(curl -s -m 10 -o /tmp/body-$$ -w %{http_code} \(address(environment))$path)
            echo $path $code $(base64 -w0 /tmp/body-$$); : > /tmp/body-$$; done; rm -f /tmp/body-$$
            """
        let lines = try run(script).components(separatedBy: "\n").map { $0.components(separatedBy: " ") }
        return Dictionary(
            uniqueKeysWithValues: lines.filter { $0.count == 3 }.map { words in
                let body = String(decoding: Data(base64Encoded: words[2]) ?? Data(), as: UTF8.self)
                return (words[0], words[1] == "200" ? body : words[1])
            })
    }

    private func run(_ script: String) throws -> String {
        let run = try server.user(script)
        try expectEqual(run.status, 0, "\(script): \(run.output)")
        return run.output
    }
}
