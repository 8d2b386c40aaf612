import DeployTestSupport
import Foundation
import XCTest

/// A signal in the first milliseconds ends the program with the code of its signal.
final class EarlySignalTests: XCTestCase {
    func testASignalBeforeAnythingWatchesHasItsExitCode() throws {
        try require("strace")
        let shop = try DeployctlFixture(for: self)
        for (signal, code) in [("SIGINT", Int32(130)), ("SIGTERM", 143), ("SIGHUP", 129)] {
            for moment in ["umask", "prctl", "getcwd"] {
                let run = try shop.runProgram([
                    "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(moment)",
                    "-e", "inject=\(moment):signal=\(signal):when=1", shop.binary, "status", "staging",
                ])
                try expectEqual(run.status, code, "\(signal) at \(moment)")
            }
        }
    }
}
