extension DefinitionChecks {
    /// A backup is proved by opening it, so age has to know with what.
    mutating func checkEncryption() {
        guard let encrypt = tree["backup"]?["encrypt"] else { return }
        switch (encrypt["with"]?.text, encrypt["identity"]) {
        case ("age", nil):
            refuse(
                encrypt, "backup.encrypt.identity", "is missing; proofs and rollbacks decrypt with it",
                "write for example \"identity\": \".secrets/backup.key\"")
        case ("gpg", let identity?):
            refuse(
                identity, "backup.encrypt.identity", "is for age; gpg uses the key ring of the user",
                "remove it")
        default: break
        }
    }
}
