import DeployCore

/// Makes a second database of one that nothing writes to: a dump is read at once, and what arrived is compared.
struct MySQLCopy {
    let server: MySQLServer
    let source: String

    func run(to copy: String) throws(DeployError) {
        let structure = try server.structure(of: source)
        try MySQLRights(server: server).demandMaking(structure.objects, of: source)
        try server.databases.create(
            copy, characterSet: structure.characterSet, collation: structure.collation)
        do throws(DeployError) {
            let (dump, client) = server.access.commands.runPiped(
                try server.dump(of: source, structure), into: try server.client(in: copy, as: .application),
                through: server.loading(from: server.place(of: source), to: server.place(of: copy)))
            for result in [client, dump] where !result.succeeded { throw server.refusal(result) }
            let differences = try MySQLSummary.differences(of: copy, from: source, on: server)
            guard differences.isEmpty else {
                throw DeployError(
                    .stepFailed, what: "The copy \(copy) is not equal to \(source)",
                    why: differences.joined(separator: "; "), next: "run it again while nothing writes")
            }
        } catch {
            try server.databases.discard(copy)
            throw error
        }
    }
}
