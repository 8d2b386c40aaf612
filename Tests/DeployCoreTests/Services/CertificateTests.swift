import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

final class CertificateTests: XCTestCase {
    private func certificate(
        _ names: String = "DNS:shop.example, DNS:*.shop.example, IP Address:192.0.2.1"
    )
        throws -> Certificate
    {
        try XCTUnwrap(
            Certificate(
                printed: """
                    serial=0104D753F2CCFDDA
                    subject=CN = shop.example
                    issuer=CN = An Authority
                    notBefore=Nov  7 21:45:14 2026 GMT
                    notAfter=Feb  5 21:45:14 2027 GMT
                    X509v3 Subject Alternative Name: 
                        \(names)
                    """))
    }

    func testWhatOpensslPrintsIsRead() throws {
        let read = try certificate()
        XCTAssertEqual(read.serial, "0104D753F2CCFDDA")
        XCTAssertEqual(read.names, ["shop.example", "*.shop.example", "192.0.2.1"])
        XCTAssertEqual(read.issuer, "CN = An Authority")
        XCTAssertEqual(UTC.rfc3339(read.from), "2026-11-07T21:45:14Z")
        XCTAssertEqual(UTC.rfc3339(read.until), "2027-02-05T21:45:14Z")
        XCTAssertEqual(UTC.rfc3339(read.renewal), "2027-01-06T21:45:14Z")
        XCTAssertNil(Certificate(printed: "unable to load certificate\n"))
    }

    func testAStarStandsForOneLabel() throws {
        let read = try certificate()
        for host in ["shop.example", "SHOP.example", "www.shop.example", "192.0.2.1"] {
            XCTAssertTrue(read.covers(host), host)
        }
        for host in ["a.b.shop.example", ".shop.example", "example", "xshop.example", "192.0.2.2"] {
            XCTAssertFalse(read.covers(host), host)
        }
        XCTAssertFalse(try certificate("").covers("shop.example"))
    }

    func testTheHostOfAnAddress() {
        XCTAssertEqual(URLText.host("https://shop.example:8443/a?b"), "shop.example")
        XCTAssertEqual(URLText.host("http://[2001:db8::1]:80/"), "2001:db8::1")
        XCTAssertEqual(URLText.host("https://shop.example?x"), "shop.example")
        XCTAssertNil(URLText.host("ftp://shop.example"))
        XCTAssertNil(URLText.host("https:///x"))
    }

    func testAnAuthorityIsLeftAloneForLongerEachTime() throws {
        var attempts = CertificateAttempts()
        XCTAssertNil(attempts.pause(byPerson: false, at: .now))
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        func hours(byPerson: Bool) -> Double? {
            attempts.pause(byPerson: byPerson, at: now).map { $0.timeIntervalSince(now) / 3600 }
        }
        var pauses: [Double] = []
        for number in 1...7 {
            attempts.failed("no", at: now)
            pauses.append(hours(byPerson: false) ?? -1)
            XCTAssertEqual(hours(byPerson: true), number < 3 ? nil : 1)
        }
        XCTAssertEqual(pauses, [1, 2, 4, 8, 16, 24, 24])
        let before = now.addingTimeInterval(-86_400 * 400)
        XCTAssertNil(attempts.pause(byPerson: false, at: before), "the clock was ahead when it failed")
    }

    func testWhatAnAuthoritySaysIsQuotedWithoutWhatIsOnlyRetried() {
        let lego = CommandResult(
            .exited(1),
            errors: """
                2026/11/27 21:45:16 [INFO] retry due to: acme: error: 400 :: urn:ietf:params:acme:error:badNonce :: JWS
                	error: one or more domains had a problem:
                [bad.example] acme: error: 400 :: urn:ietf:params:acme:error:connection :: refused
                """)
        let reason = CertificateOrder.reason(lego)
        XCTAssertEqual(
            reason, "[bad.example] acme: error: 400 :: urn:ietf:params:acme:error:connection :: refused")
        XCTAssertTrue(
            CertificateOrder.remedy(reason, for: ["bad.example"], in: "staging").contains("its http port")
        )
        let certbot = CommandResult(
            .exited(1),
            output: "  Domain: bad.example\n  Type:   dns\n  Detail: no address\n\nHint: more\n",
            errors: "Some challenges have failed.\n")
        XCTAssertEqual(
            CertificateOrder.reason(certbot), "Domain: bad.example\nType:   dns\nDetail: no address")
        XCTAssertTrue(
            CertificateOrder.reason(CommandResult(.timedOut, errors: "x")).contains("before its deadline")
        )
    }

    func testAnAuthorityThatDoesNotAnswerIsToldFromOneThatRefuses() {
        let certbot = CertificateOrder.reason(
            CommandResult(
                .exited(1),
                errors: """
                    Saving debug log to /srv/shop/letsencrypt.log
                    An unexpected error occurred:
                    ValueError: Requesting ca.example/dir: Connection refused
                    Ask for help or search for solutions at https://community.example. See the logfile
                    """))
        XCTAssertEqual(certbot, "ended with 1: ValueError: Requesting ca.example/dir: Connection refused")
        let lego =
            "Could not create client: get directory at 'https://ca.example/dir': connect: connection refused"
        for reason in [certbot, lego] {
            let remedy = CertificateOrder.remedy(reason, for: ["a.example"], in: "staging")
            XCTAssertTrue(remedy.contains("reaches the authority"), remedy)
        }
    }

    func testTheOwnProgramIsCalledInTheSameWayByBoth() {
        var environment = Environment(name: "staging", project: "shop")
        environment.url = "https://shop.example"
        let obtained = CertificatePlace.obtained(for: "staging")
        let acme = Environment.ACME(email: "a@b.example", zone: ["./rec ord", "it's"])
        environment.tls = .init(certificate: obtained.certificate, key: obtained.key, acme: acme)
        let place = Layout(project: "/srv/my shop", environment: environment).certificates
        XCTAssertNil(place.challenges)
        XCTAssertEqual(
            place.certificate, "/srv/my shop/.deployctl/staging/certificate/current/fullchain.pem")
        let order = CertificateOrder(
            acme: acme, names: ["shop.example"], place: place, program: .certbot)
        XCTAssertTrue(
            order.command.arguments.contains(
                "'/srv/my shop/.deployctl/staging/certificate/record' present"))
        XCTAssertTrue(
            order.hookText(in: "/srv/my shop").contains(#"exec './rec ord' 'it'\''s' "$@""#),
            order.hookText(in: "/srv/my shop"))
    }

    func testAnAuthorityIsAnsweredBeforeRedirectPasswordAndRate() throws {
        var environment = Environment(name: "production", project: "shop")
        environment.ports = ["http": 80, "https": 443]
        environment.url = "https://shop.example"
        environment.front.password = .file(".secrets/front")
        environment.front.rate = .init(requests: 1, per: .minute)
        let obtained = CertificatePlace.obtained(for: "production")
        environment.tls = .init(
            certificate: obtained.certificate, key: obtained.key, acme: .init(email: "a@b.example"),
            remembered: 3600)
        let nginx = NginxConfiguration(layout: Layout(project: "/srv/shop", environment: environment))
        let first = nginx.edge(runningAsRoot: false)
        XCTAssertFalse(first.contains("ssl"), "no port without a certificate")
        XCTAssertFalse(first.contains("return 308"))
        let later = nginx.edge(certificate: "7", runningAsRoot: false)
        for text in [first, later] {
            let place = try XCTUnwrap(
                text.components(separatedBy: "/.well-known/acme-challenge/\" {").last)
            XCTAssertTrue(place.contains("root \"/srv/shop/.deployctl/production/edge/challenges\";"))
            XCTAssertTrue(place.contains("auth_basic off;"))
            XCTAssertTrue(place.contains("limit_req_dry_run on;"))
        }
        XCTAssertTrue(
            later.contains(
                "    location \"/\" {\n        return 308 https://$host$request_uri;\n    }"), later)
        XCTAssertEqual(
            later.components(separatedBy: "add_header Strict-Transport-Security \"max-age=3600\" always;")
                .count, 2, "at the https port alone")
    }

    func testWhatKeepsAnAuthorityFromBeingAskedIsSaidUntilItIsAsked() throws {
        let machine = SimulatedMachine()
        var environment = Environment(name: "production", project: "shop")
        let obtained = CertificatePlace.obtained(for: "production")
        environment.tls = .init(
            certificate: obtained.certificate, key: obtained.key, acme: .init(email: "a@b.example"))
        let site = machine.workspace().site(environment)
        let context = StepContext(servingCertificateOf: site, origin: Sample.origin)
        XCTAssertThrowsError(try XCTUnwrap(CertificateAuthority(context)).obtain())
        let status = try XCTUnwrap(CertificateStatus(machine.workspace(), environment))
        XCTAssertEqual(status.refusal?.contains("certbot or lego is not installed"), true)
        XCTAssertFalse(status.isWell)
        XCTAssertNil(status.pause, "it is tried again as soon as it can be")
        XCTAssertEqual(status.look?.refusal?.contains("apt-get install certbot"), true)
        var attempts = site.certificateAttempts
        attempts.failed("no", at: .now)
        XCTAssertNil(attempts.obstacle)
    }
}
