extension BackupReader {
    /// Builds a database that belongs to another environment; rights and owners do not come along, so that only
    /// rows and the number of things are compared.
    func adopt(
        _ part: BackupManifest.Database, in folder: String, to location: DatabaseLocation
    ) throws(DeployError) {
        try database.remove(location)
        try withPlain(part.payload, in: folder) { plain throws(DeployError) in
            try database.adopt(plain, to: location, atMost: part.unpacked)
        }
        var found = try database.summarise(location)
        found.schema = part.summary.schema
        let differences = found.differences(from: part.summary)
        guard differences.isEmpty else {
            try database.remove(location)
            throw damaged(
                folder, "restored, it is not what was taken: \(differences.joined(separator: "; "))")
        }
    }
}
