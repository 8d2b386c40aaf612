import DeployTestSupport
import Foundation
import XCTest

/// A shop whose staging has an https port, and what makes certificates for it.
final class CertificateWorld: DeployctlFixture, @unchecked Sendable {
    private(set) var https = 0

    override init(for test: XCTestCase?) throws {
        try super.init(for: test)
        https = try HTTP.freePort(except: port("staging"))
        try write(".deployctl/\nbackups/\nlogs/\n*.pem\nca/\n", to: ".gitignore")
        try define(#""tls": {"certificate": "cert.pem", "key": "key.pem", "redirect": false}"#)
        try write("", to: "ca/index.txt")
        try write(
            """
            [ca]
            default_ca = own
            [own]
            database = ca/index.txt
            new_certs_dir = ca
            rand_serial = yes
            default_md = sha256
            policy = any
            unique_subject = no
            copy_extensions = copy
            [any]
            commonName = supplied
            """, to: "ca/own.cnf")
    }

    /// Staging's definition, with `keys` for its https port.
    func define(_ keys: String, http: Int? = nil) throws {
        try write(
            """
            {"extends": "base.json", "logs": "logs/staging", "url": "https://shop.example:\(https)",
             "ports": {"http": \(http ?? port("staging")), "https": \(https)}, \(keys)}
            """, to: "environments/staging.json")
    }

    /// Puts a certificate that signed itself, and its key, where the definition says.
    ///
    /// `from`, `until`: fourteen digits.
    func certify(
        _ names: String = "DNS:shop.example", from: String = "20200101000000",
        until: String = "20500101000000", key: String = "key.pem"
    ) throws {
        try runProgram([
            "openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
            "/CN=shop", "-addext", "subjectAltName=\(names)", "-keyout", "\(project)/\(key)", "-out",
            "\(project)/ca/request.pem",
        ]).expect(0)
        try runProgram([
            "openssl", "ca", "-config", "ca/own.cnf", "-batch", "-selfsign", "-keyfile", key, "-in",
            "ca/request.pem", "-out", "cert.pem", "-notext", "-startdate", "\(from)Z", "-enddate",
            "\(until)Z",
        ]).expect(0)
    }

    /// The serial number of what is served to the next visitor.
    func served() throws -> String {
        try runProgram([
            "sh", "-c",
            "openssl s_client -connect 127.0.0.1:\(https) -servername shop.example </dev/null 2>/dev/null | openssl x509 -noout -serial",
        ]).output
    }
}
