/// Checks that encrypted backups can be opened on this machine, and that programs that copy are there.
struct EncryptionCheck {
    let ports: Ports

    func all(_ layout: Layout) -> [Finding] { (encryption(layout).map { [$0] } ?? []) + copies(layout) }

    private func encryption(_ layout: Layout) -> Finding? {
        guard var seal = BackupEncryptor(layout, files: ports.files, commands: ports.commands) else {
            return nil
        }
        seal.deadline = .seconds(20)
        let id = "\(layout.environment.name) encryption"
        do throws(DeployError) {
            try seal.tryOut()
            return Finding(id: id, verdict: .passed("\(seal.tool.rawValue) opens what it encrypts here"))
        } catch {
            let next =
                error.next == "deployctl doctor"
                ? "check \"backup.encrypt\" of \(layout.environment.name): \(seal.identity ?? "the key ring") has to open what is made for its recipients"
                : error.next
            return Finding(id: id, verdict: .refused("\(error.what): \(error.why)", next: next))
        }
    }

    private func copies(_ layout: Layout) -> [Finding] {
        layout.environment.backup.copies.map { copy in
            let id = "\(layout.environment.name) copy"
            let program = copy.command.first ?? ""
            let path = program.holds("/") ? layout.absolute(program) : program
            if ports.commands.has(path) { return Finding(id: id, verdict: .passed(program)) }
            let (why, next) = ("\(program) is missing, needed to copy backups", "install \(program)")
            return Finding(
                id: id, verdict: copy.required ? .refused(why, next: next) : .warned(why, next: next))
        }
    }
}
