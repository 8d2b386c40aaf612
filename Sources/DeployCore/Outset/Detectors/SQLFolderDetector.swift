/// Migrations as plain SQL.
struct SQLFolderDetector: Detector {
    func look(at repository: RepositoryFiles, adding sketch: inout ApplicationSketch) {
        guard sketch.migrations == nil, sketch.composeFile == nil else { return }
        let folders = repository.paths.filter { $0.ends(with: ".sql") }.map(RepositoryFiles.folder)
        guard
            let folder = folders.first(where: {
                ["migrations", "migrate"].contains(($0.cutLast(at: "/")?.after).map(String.init) ?? $0)
            })
        else { return }
        sketch.recognise("SQL migrations")
        sketch.migrations = .directory(folder)
    }
}
