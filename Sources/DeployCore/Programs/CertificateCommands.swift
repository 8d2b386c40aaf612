/// Command lines for openssl; data only.
enum CertificateCommands {
    /// Says when the certificate expires; ends with 1 when it will have within so many seconds.
    static func expiry(_ file: String, within seconds: Int) -> Command {
        Command("openssl", ["x509", "-noout", "-enddate", "-checkend", "\(seconds)", "-in", file])
    }
    static func publicKey(ofCertificate file: String) -> Command {
        Command("openssl", ["x509", "-noout", "-pubkey", "-in", file])
    }
    /// Asks nobody for a word where the key has one.
    static func publicKey(ofKey file: String) -> Command {
        Command("openssl", ["pkey", "-pubout", "-passin", "pass:", "-in", file])
    }
}
