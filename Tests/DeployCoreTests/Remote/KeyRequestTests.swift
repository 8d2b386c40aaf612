import DeployTestSupport
import XCTest

@testable import DeployCore

/// A line that comes with a key is read without a shell, and only where there is nothing to read into it.
final class KeyRequestTests: XCTestCase {
    func testWhatDeployctlAndGitAskForIsRead() throws {
        let rows: [(String, KeyRequest)] = [
            ("deployctl status --json", .deployctl(["status", "--json"])),
            (
                "deployctl  far-run -- /srv/+c3+a9 20260101-1f",
                .deployctl(["far-run", "--", "/srv/+c3+a9", "20260101-1f"])
            ),
            ("deployctl", .deployctl([])),
            ("deployctl staging --ref HEAD~1^2", .deployctl(["staging", "--ref", "HEAD~1^2"])),
            ("git-receive-pack '/srv/shop'", .git(.receive, argument: "'/srv/shop'")),
            ("git-upload-pack '/srv/it'\\''s'", .git(.send, argument: "'/srv/it'\\''s'")),
            ("git-receive-pack /srv/shop; id", .git(.receive, argument: "/srv/shop; id")),
        ]
        for (line, request) in rows { XCTAssertEqual(try KeyRequest(line), request, line) }
        for path in ["/srv/shop", "/srv/it's", "/srv/a!b", "/srv/a b", "/srv/;id", "/srv/$(id)"] {
            guard case .git(_, let argument) = try KeyRequest("git-receive-pack \(KeyRequest.argument(path))")
            else { return XCTFail(path) }
            XCTAssertEqual(argument, KeyRequest.argument(path))
        }
        XCTAssertEqual(KeyRequest.argument("/a'b!c"), "'/a'\\''b'\\!'c'")
    }

    func testWhatAShellWouldReadIsRefused() {
        let lines = [
            "", " ", "sh", "bash -l", "deployctl; id", "deployctl status; id", "deployctl status\nid",
            "deployctl status\u{0}", "deployctl status && id", "deployctl status | sh", "deployctl $(id)",
            "deployctl `id`", "deployctl ${IFS}status", "deployctl 'status'", "deployctl \"status\"",
            "deployctl status > /tmp/x", "deployctl status < /etc/passwd", "deployctl status &",
            "deployctl status\\", "deployctl st*tus", "deployctl stat?s", "deployctl {status,id}",
            "deployctl\tstatus",
            "deployctl status #x", "deployctl !!", "deployctl (status)", "deployctl [s]tatus",
            "deployctl \u{1B}[2J",
            "deployctl st\u{E4}tus", "deployctl status\u{301}", "deployctl \u{FFFD}", "deployctl\u{A0}status",
            "DEPLOYCTL_TRIGGER=terminal deployctl production", "env deployctl status",
            "/usr/bin/deployctl status",
            "./deployctl status", "deployctl-x status", "DEPLOYCTL status", "git receive-pack '/srv/shop'",
            "git-receive-pack", "git-upload-archive '/srv/shop'", "git-shell", "/usr/lib/openssh/sftp-server",
            "internal-sftp", "scp -t .", "rsync --server .", String(repeating: "deployctl ", count: 10_000),
        ]
        for line in lines {
            expectError(.usage, "does not run such a line") { () throws(DeployError) in
                _ = try KeyRequest(line)
            }
        }
    }

    /// No line makes it do anything but read or refuse.
    func testAnyBytesAreReadOrRefused() {
        var random = SplitMix(seed: 14)
        let pieces = [
            "deployctl ", "git-receive-pack ", "'", "\"", ";", "\n", "$(", "--", "-C", "\u{FF}", "é", " ",
            "production", "=",
        ]
        for _ in 0..<5000 {
            let line = (0..<Int.random(in: 1...8, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }.joined()
            guard case .deployctl(let words) = try? KeyRequest(line) else { continue }
            XCTAssertTrue(line.trimmed.begins(with: "deployctl"), line)
            XCTAssertFalse(
                words.contains { $0.holds("'") || $0.holds(";") || $0.holds("$") || $0.holds("\n") }, line)
        }
    }
}
