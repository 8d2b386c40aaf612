import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

final class LobbyTests: XCTestCase {
    private let files = MemoryFileStore()

    private func place() throws -> LobbyPlace {
        let processes = FakeProcessTable()
        processes.act(as: 0, among: [])
        var ports = SimulatedMachine().ports()
        ports.processes = processes
        return try LobbyPlace(ports, http: 80, https: 443)
    }

    private func tenant(_ project: String, _ hosts: [String], listen: [String] = ["0.0.0.0"]) -> Tenant {
        Tenant(
            project: project, environment: "production", hosts: hosts, http: 80, https: 443, listen: listen,
            trust: ["10.0.0.0/8"], certificate: .init(path: "/c.pem", key: "/k.pem", digest: "ab"))
    }

    private func keep(_ tenant: Tenant, as id: String? = nil) throws {
        try files.makeFolder(Layout.tool(tenant.project))
        let path = try place().tenant(id ?? tenant.id)
        files.write(try JSON.data(tenant), to: path)
    }

    private func text(_ tenants: [Tenant]) throws -> String {
        LobbyConfiguration(place: try place(), worker: nil, runsAsRoot: true, tenants: tenants).text
    }

    func testANameOfAnotherProjectIsRefusedWithItsPathUntilThatProjectIsGone() throws {
        let shop = tenant("/srv/shop", ["shop.example", "www.shop.example"])
        try keep(shop)
        let register = LobbyRegister(files: files, place: try place())
        let thief = tenant("/srv/thief", ["thief.example", "www.shop.example"])
        XCTAssertEqual(
            register.conflicts(of: thief), ["www.shop.example is asked for at production of /srv/shop"])
        XCTAssertEqual(register.conflicts(of: shop), [], "its own")
        try files.remove(Layout.tool("/srv/shop"))
        XCTAssertEqual(register.conflicts(of: thief), [])
    }

    func testWhatIsNoValueNeverReachesNginxAndIsNamed() throws {
        for name in HostileText.texts(of: ["\"", ";", "$", "}", "\n", "\\", " "]) {
            XCTAssertNotNil(tenant("/srv/shop", [name]).fault, name)
        }
        try keep(tenant("/srv/shop", ["shop.example;"]))
        XCTAssertEqual(LobbyRegister(files: files, place: try place()).present, [])
        var tenants = [tenant("/srv/a\"b", ["a.example"]), tenant("/srv/a", ["a.example; }"])]
        var trusting = tenant("/srv/b", ["b.example"])
        trusting.trust = ["10.0.0.0/8; }"]
        var listening = tenant("/srv/c", ["c.example"])
        listening.listen = ["80; }"]
        var keyed = tenant("/srv/d", ["d.example"])
        keyed.certificate?.key = "/k\";"
        var digested = tenant("/srv/e", ["e.example"])
        digested.certificate?.digest = "\nuser root;"
        tenants += [trusting, listening, keyed, digested]
        for tenant in tenants { XCTAssertNotNil(tenant.fault, tenant.project) }
    }

    func testWhileAnAuthorityAsksNothingElseIsLedToTheEdge() throws {
        let shop = tenant("/srv/shop", ["shop.example"])
        var asked = tenant("/srv/shop", ["new.example"])
        (asked.certificate, asked.isAsked) = (nil, true)
        XCTAssertNotEqual(asked.id, shop.id)
        let text = try text([asked, shop])
        let server = try XCTUnwrap(
            text.components(separatedBy: "server {").first { $0.contains("server_name \"new.example\";") })
        XCTAssertTrue(server.contains("location ^~ \"/.well-known/acme-challenge/\" {"), server)
        XCTAssertTrue(server.contains("location / {\n            return 444;"), server)
        XCTAssertEqual(server.components(separatedBy: "proxy_pass").count - 1, 1, server)
        try keep(shop)
        asked.hosts = ["shop.example"]
        let register = LobbyRegister(files: files, place: try place())
        XCTAssertEqual(register.conflicts(of: asked), [], "its own")
        asked.project = "/srv/other"
        XCTAssertEqual(register.conflicts(of: asked).count, 1)
    }

    func testWhoWasToLeaveKeepsItsRecordWhereNginxRefusesTheNewOneAlone() throws {
        let nginx = FakeCommandRunner()
        nginx.answer(where: { $0.command.program == "nginx" }, with: Self.refused)
        try assertNobodyLeaves(nginx)
    }

    func testWhoWasToLeaveKeepsItsRecordWhereNginxRefusesTheWholeLobby() throws {
        let (nginx, fine) = (FakeCommandRunner(), CommandResult(.exited(0)))
        nginx.answer(where: { $0.command.program == "nginx" }, with: fine, fine, Self.refused)
        try assertNobodyLeaves(nginx)
        XCTAssertEqual(nginx.ran.count, 3)
    }

    private static let refused = CommandResult(.exited(1), errors: "no such key")

    private func assertNobodyLeaves(_ nginx: FakeCommandRunner) throws {
        let (machine, place) = (SimulatedMachine(), try place())
        machine.processes.act(as: 0, among: [])
        var ports = machine.ports()
        ports.commands = nginx
        let shop = tenant(machine.project, ["shop.example"])
        var asked = shop
        (asked.certificate, asked.isAsked) = (nil, true)
        let record = try JSON.data(asked)
        machine.files.write(record, to: place.tenant(asked.id))
        let facts = EnvironmentFacts(
            project: machine.project, environment: Environment(name: "production", project: "shop"))
        let plan = PlanDraft(kind: .backup, facts: facts, goal: .nothing).plan(
            named: PlanNames(
                deployment: Sample.timestamp(2), backup: Sample.timestamp(3), retired: Sample.timestamp(4)))
        let context = StepContext(
            Workspace(ports: ports, project: machine.project), plan: plan, origin: Sample.origin)
        expectError(.stepFailed, "a tenant that nginx does not take") {
            _ = try Lobby(context: context, place: place).admit(shop, replacing: asked.id)
        }
        XCTAssertEqual(try machine.files.read(place.tenant(asked.id)), record)
        XCTAssertNil(try machine.files.read(place.tenant(shop.id)))
    }

    func testAFileUnderAnothersNameIsNobodys() throws {
        try keep(tenant("/srv/shop", ["shop.example"]), as: "0123456789abcdef")
        let register = LobbyRegister(files: files, place: try place())
        XCTAssertEqual(register.present, [])
        XCTAssertEqual(register.faults, ["0123456789abcdef": "its file cannot be read"])
    }

    func testWhoListensEverywhereIsFoundAtAnAddressThatOthersName() throws {
        let text = try text([
            tenant("/srv/a", ["a.example"]), tenant("/srv/b", ["b.example"], listen: ["127.0.0.1", "::1"]),
        ])
        let listens = text.components(separatedBy: "listen 127.0.0.1:443 ssl http2;").count - 1
        XCTAssertEqual(listens, 2, "both, beside the one that answers nobody")
        XCTAssertTrue(text.contains("listen 127.0.0.1:443 ssl http2 default_server;"))
        XCTAssertEqual(text.components(separatedBy: "listen [::1]:443 ssl http2;").count - 1, 1)
    }

    func testAnotherTenantIsAnotherGeneration() throws {
        let (one, two) = (tenant("/srv/a", ["a.example"]), tenant("/srv/b", ["b.example"]))
        let generations = try [[one], [one, two], [two, one]].map {
            LobbyConfiguration.generation(of: try text($0))
        }
        XCTAssertNotNil(generations[0])
        XCTAssertNotEqual(generations[0], generations[1])
        XCTAssertEqual(generations[1], generations[2])
        XCTAssertNil(LobbyConfiguration.generation(of: "# generation ../x\n"))
    }

    func testOnlyNamesOfTheInternetAreHosts() {
        for name in ["shop.example", "localhost", "a-1.b2.example", "xn--bcher-kva.example"] {
            XCTAssertTrue(TextRule.hostName.accepts(name), name)
        }
        let wrong = [
            "", "Shop.example", "shop.example:443", "*.example", "127.0.0.1", "-a.example", "a-.example",
            "a..example", ".example", "example.", "a_b.example", "a b",
            "\(String(repeating: "a", count: 64))",
        ]
        for name in wrong { XCTAssertFalse(TextRule.hostName.accepts(name), name) }
    }
}
