import XCTest

@testable import DeployCore

final class PatternTests: XCTestCase {
    func testPatternsMatchTheWholeName() {
        for (text, pattern, matches) in [
            ("main", "main", true), ("main", "mai", false), ("main2", "main", false), ("Main", "main", false),
            ("anything/at all", "*", true), ("", "*", true), ("", "", true), ("a", "", false),
            ("release/7", "release/*", true), ("release/", "release/*", true),
            ("release", "release/*", false),
            ("my-release/7", "release/*", false), ("hotfix-x", "*-x", true), ("-x", "*-x", true),
            ("x", "*-x", false),
            ("a-b-c", "a*b*c", true), ("a-c", "a*b*c", false), ("abc", "a**c", true), ("ac", "a*c", true),
            ("a", "a*a", false), ("aa", "a*a", true), ("aba", "ab*ba", false), ("abba", "ab*ba", true),
            ("axbxc", "*b*", true), ("xbcb", "*bc", false), ("a.c", "a.c", true), ("abc", "a.c", false),
            ("x1y1z", "x*1*1*z", true), ("x1yz", "x*1*1*z", false), ("feature/ü*", "feature/ü*", true),
        ] {
            XCTAssertEqual(Pattern.matches(text, pattern), matches, "\(text) by \(pattern)")
        }
    }

    func testABranchThatMayNotBeDeployedIsRefusedByName() {
        var environment = Environment(name: "staging", project: "shop")
        environment.branches = ["main", "release/*"]
        func head(_ branches: String...) -> SourceFacts.Head {
            SourceFacts.Head(commit: "c0ffee", branch: "main", branches: branches, subject: "")
        }
        XCTAssertNoThrow(try Branch.refuse(head("feature", "release/2"), in: environment))
        XCTAssertThrowsError(
            try Branch.refuse(head(), in: environment), "the name it was reached by does not decide")
        XCTAssertThrowsError(try Branch.refuse(head("feature"), in: environment)) {
            XCTAssertEqual(($0 as? DeployError)?.code, .gateRefused)
            XCTAssertEqual(($0 as? DeployError)?.why, "allowed are main, release/*")
        }
        environment.branches = []
        XCTAssertThrowsError(try Branch.refuse(head("main"), in: environment))
        environment.branches = ["*"]
        XCTAssertNoThrow(try Branch.refuse(head(), in: environment), "every commit is allowed")
    }
}
