import FoundationEssentials

/// Secrets as files that containers get to see and other users of the machine do not.
struct ComposeSecrets {
    let context: StepContext
    /// Nobody but its owner enters it; the engine mounts single files of it.
    let folder: String

    /// Writes what is new or changed and returns every file by name.
    @discardableResult
    func write(_ values: [String: String]) throws(DeployError) -> [String: String] {
        let files = context.ports.files
        try files.makeFolder(folder)
        var written: [String] = []
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            guard try files.read(path(name)) != Data(value.utf8) else { continue }
            try files.publish(Data(value.utf8), to: path(name))
            written.append(path(name))
        }
        // Containers run as users of their own.
        if !written.isEmpty {
            try context.run(
                CommandRequest(Self.opening(written)),
                because: "Secrets could not be made readable for containers")
        }
        return Dictionary(uniqueKeysWithValues: values.keys.map { ($0, path($0)) })
    }

    /// What `write` starts.
    static var programs: [ProgramCall] { [opening(["{secrets…}"])].calls.when("a secret is new") }

    private static func opening(_ files: [String]) -> Command { Command("chmod", ["0444", "--"] + files) }

    private func path(_ name: String) -> String { "\(folder)/\(name)" }
}
