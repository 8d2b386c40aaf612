import DeployTestSupport
import XCTest

@testable import DeployCore

/// A request is run once or not at all, and it is known afterwards which.
final class FarDeskTests: XCTestCase {
    private let files = MemoryFileStore()
    private let clock = FakeClock()
    private lazy var desk: FarDesk = {
        let machine = SimulatedMachine()
        var ports = machine.ports()
        (ports.files, ports.clock) = (files, clock)
        return FarDesk(ports, folder: "/srv/desk")
    }()

    private let request = FarRequest(
        words: ["exec", "--", "staging", "web", "sh"], prefix: "", performer: "ada", trigger: .terminal)

    func testWhatWasBegunLeavesItsCode() throws {
        let id = try desk.accept(request)
        XCTAssertEqual(files.permissions(of: "/srv/desk/\(id).request")?.mode, 0o600)
        do {
            let begun = try desk.begin(id)
            XCTAssertEqual(begun.request, request)
            XCTAssertEqual(try desk.ending(of: id, waiting: .zero), .running)
            begun.lock.describe("7\n")
        }
        XCTAssertEqual(try desk.ending(of: id, waiting: .zero), .ended(7))
        expectError(.locked, "begun already") { () throws(DeployError) in _ = try desk.begin(id) }
    }

    func testWhatWentWrongIsKnownAfterwards() throws {
        let id = try desk.accept(request)
        let failure = DeployError(.hungUp, what: "It was asked to stop", why: "two\nlines", next: "look")
            .happening(on: "deploy@shop.example")
        do { try desk.begin(id).lock.describe(FarDesk.description(of: 129, failure)) }
        XCTAssertEqual(try desk.ending(of: id, waiting: .zero), .ended(129, failure))
        let other = try desk.accept(request)
        do { try desk.begin(other).lock.describe(FarDesk.description(of: 0, nil)) }
        XCTAssertEqual(try desk.ending(of: other, waiting: .zero), .ended(0))
    }

    func testWhatWasKilledLeavesNone() throws {
        let id = try desk.accept(request)
        do { _ = try desk.begin(id) }
        XCTAssertEqual(try desk.ending(of: id, waiting: .zero), .unknown)
    }

    func testWhatWasNotBegunNeverWillBe() throws {
        let id = try desk.accept(request)
        XCTAssertEqual(try desk.ending(of: id, waiting: .zero), .withdrawn)
        XCTAssertNil(files.kind(of: "/srv/desk/\(id).request"))
        expectError(.locked, "begun already") { () throws(DeployError) in _ = try desk.begin(id) }
    }

    func testWordsAreRemovedAfterAnHourAndEndingsAfterADay() throws {
        let id = try desk.accept(request)
        do { try desk.begin(id).lock.describe("0\n") }
        clock.move(by: .seconds(3700))
        _ = try desk.accept(request)
        XCTAssertNil(files.kind(of: "/srv/desk/\(id).request"))
        XCTAssertEqual(try desk.ending(of: id, waiting: .zero), .ended(0))
        clock.move(by: .seconds(86400))
        _ = try desk.accept(request)
        XCTAssertNil(files.kind(of: "/srv/desk/\(id).ending"))
    }

    func testANameIsNoPath() throws {
        for name in [
            "", "../x", "20260101000000", "20260101000000-", "20260101000000-G", "x-1", "20260101000000-1/..",
        ] {
            expectError(.usage, "no request") { () throws(DeployError) in _ = try desk.request(name) }
        }
    }
}
