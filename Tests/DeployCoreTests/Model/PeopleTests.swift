import DeployTestSupport
import XCTest

@testable import DeployCore

/// One person is never two, whatever they call themselves.
final class PeopleTests: XCTestCase {
    private func who(_ uid: UInt32, login: UInt32? = nil) -> Who {
        Who(
            account: Who.Account(uid: uid, name: "u\(uid)"),
            login: login.map { Who.Account(uid: $0, name: "u\($0)") })
    }

    func testNamesOfOneAccountAreOne() {
        let one = People([("ada", who(1)), ("eve", who(1)), ("bob", who(2, login: 1))])
        XCTAssertFalse(one.areMany)
        XCTAssertEqual(one.others(than: "mallory", who(1)), [])
        let two = People([("ada", who(1)), ("eve", who(2))])
        XCTAssertTrue(two.areMany)
        XCTAssertEqual(two.others(than: "eve", who(1)), ["eve"], "it is the account that counts")
    }

    func testWhomOnlyAnEarlierVersionKnowsIsKnownByName() {
        XCTAssertFalse(People([("ada", nil), ("ada", who(1))]).areMany)
        XCTAssertTrue(People([("eve", nil), ("ada", who(1))]).areMany)
        XCTAssertEqual(People([("eve", nil), ("ada", who(1))]).others(than: "ada", who(1)), ["eve"])
    }

    func testARootShellBehindTwoPeopleIsTwo() {
        let root = Who.Account(uid: 0, name: "root")
        let ada = Who(account: root, person: Who.Account(uid: 1, name: "ada"))
        let eve = Who(account: root, person: Who.Account(uid: 2, name: "eve"))
        XCTAssertFalse(ada.isSamePerson(as: eve))
        XCTAssertEqual(ada.short, "ada as root")
        XCTAssertEqual(Who.label("x", ada), "x (ada as root)")
    }
}
