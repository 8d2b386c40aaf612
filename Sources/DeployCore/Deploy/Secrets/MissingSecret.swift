extension Site {
    /// Why a secret could not be read; where its file is not there, with the command that asks for the value.
    func settable(_ error: DeployError, _ source: SecretSource) -> DeployError {
        guard case .file(let path) = source, ports.files.kind(of: layout.absolute(path)) == nil,
            let name = environment.secretsToSet.filter({ $0.value == source }).keys.min()
        else { return error }
        let command = "deployctl secret set \(environment.name) \(ShellText.quoted(name))"
        return error.recast(as: error.code, next: "\(command), or \(error.next)")
    }
}
