import DeployCore
import XCTest

@testable import DeployCLI

/// ssh ends with 255 whatever is wrong; each wants another thing done.
final class FarSilenceTests: XCTestCase {
    func testWhatSSHSaysDecidesWhatToDo() throws {
        let address = try XCTUnwrap(FarAddress("deploy@shop.example"))
        for (said, what, next) in [
            (
                "ssh: Could not resolve hostname shop.example: Name or service not known", "finds no machine",
                "correct DEPLOYCTL_HOST"
            ),
            (
                "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.",
                "host key has changed", "type nothing to it before"
            ),
            ("No ED25519 host key is known\nHost key verification failed.", "does not know", "say yes only"),
            (
                "deploy@shop.example: Permission denied (publickey).", "lets nobody in",
                "has to be in the agent first: ssh-add"
            ),
            ("connect to host shop.example port 22: Connection refused", "cannot be reached", "ssh deploy@"),
        ] {
            let error = FarSilence(address: address, source: "DEPLOYCTL_HOST").error(
                CommandResult(.exited(255), errors: said))
            XCTAssertEqual(error.code, .stepFailed)
            XCTAssertTrue(error.what.contains(what), error.what)
            XCTAssertTrue(error.next.contains(next), error.next)
            XCTAssertTrue(error.why.contains("nothing was changed there"), error.why)
        }
    }
}
