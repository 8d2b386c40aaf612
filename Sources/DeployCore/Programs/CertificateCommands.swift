/// Command lines for openssl; data only.
enum CertificateCommands {
    /// All that is asked of a certificate and its key, in the order of the answers.
    static func all(_ certificate: String, _ key: String) -> [Command] {
        [look(at: certificate), publicKey(ofCertificate: certificate), publicKey(ofKey: key)]
    }
    /// Prints what ``Certificate`` reads, of the first certificate in a file.
    static func look(at file: String) -> Command {
        Command(
            "openssl",
            [
                "x509", "-noout", "-serial", "-subject", "-issuer", "-startdate", "-enddate", "-ext",
                "subjectAltName", "-in", file,
            ])
    }
    /// The same of what comes by standard input.
    static let lookAtInput = Command(
        "openssl", Array(look(at: "").arguments.dropLast(2)))
    /// Prints what is served to a visitor who asks for `name`; nil: who asks for none.
    static func handshake(with host: String, port: Int, as name: String?) -> Command {
        let place = ["0.0.0.0": "127.0.0.1", "::": "[::1]"][host] ?? (host.holds(":") ? "[\(host)]" : host)
        return Command(
            "openssl",
            ["s_client", "-connect", "\(place):\(port)"]
                + (name.map { ["-servername", $0] } ?? ["-noservername"]))
    }
    static func publicKey(ofCertificate file: String) -> Command {
        Command("openssl", ["x509", "-noout", "-pubkey", "-in", file])
    }
    /// Asks nobody for a word where the key has one.
    static func publicKey(ofKey file: String) -> Command {
        Command("openssl", ["pkey", "-pubout", "-passin", "pass:", "-in", file])
    }
}
