import DeployTestSupport
import XCTest

@testable import DeployCore

final class CommitTransferTests: XCTestCase {
    func testABranchOfTheRemoteHoldsOnlyWhatItHoldsThere() {
        let claimed = CommitTransfer.claimed(
            here: ["main", "mine"], there: ["stable/1"], known: ["main", "stable/1"])
        XCTAssertEqual(claimed, ["stable/1", "mine"])
        XCTAssertEqual(CommitTransfer.claimed(here: ["main"], there: [], known: []), ["main"])
    }

    func testWhatGitSaysOfEachNameIsRead() {
        let (arrived, refused) = CommitTransfer.outcome(
            """
            To deploy@shop.example:/srv/shop
            *\tabc:refs/deployctl/commits/abc\t[new reference]
            !\tabc:refs/heads/main\t[rejected] (fetch first)
            =\tabc:refs/heads/b\t[up to date]
             \tabc:refs/heads/c\t1..2
            Done
            """)
        XCTAssertEqual(arrived, ["refs/deployctl/commits/abc", "refs/heads/b", "refs/heads/c"])
        XCTAssertEqual(
            refused, [CommitTransfer.Refusal(name: "refs/heads/main", why: "[rejected] (fetch first)")])
    }

    func testAnAddressIsWhatSSHKnowsAndAFolder() throws {
        for (text, target, folder) in [
            ("deploy@shop.example", "deploy@shop.example", "deployctl/shop"),
            ("alias", "alias", "deployctl/shop"),
            ("d@h:/srv/shop", "d@h", "/srv/shop"), ("h:~/a b", "h", "a b"), ("10.0.0.1:x", "10.0.0.1", "x"),
        ] {
            let address = try XCTUnwrap(FarAddress(text), text)
            XCTAssertEqual(address.target, target)
            XCTAssertEqual(address.folder(of: "shop"), folder)
        }
    }

    func testWhatSSHOrGitWouldReadOtherwiseIsNoAddress_S08() {
        let wrong = [
            "", "-oProxyCommand=id", "a@-b", "@h", "a@", "a@b@c", "h:", "h:../x", "h:-x", "h:~root/x",
            "h:a\nb", "h h",
        ]
        for text in wrong { XCTAssertNil(FarAddress(text), text) }
        for mark in ["'", "\"", "$", "`", ";", "&", " ", "\\", "\n", "%", "/", "\u{301}"] {
            for hostile in HostileText.texts(of: [mark]) {
                XCTAssertNil(FarAddress(hostile), hexadecimal(hostile))
                XCTAssertNil(FarAddress("deploy@\(hostile)"), hexadecimal(hostile))
            }
        }
    }
}
