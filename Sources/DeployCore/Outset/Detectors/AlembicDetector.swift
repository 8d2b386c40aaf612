/// Alembic, which migrates by itself.
struct AlembicDetector: Detector {
    func look(at repository: RepositoryFiles, adding sketch: inout ApplicationSketch) {
        guard repository.has("alembic.ini"), sketch.migrations == nil else { return }
        sketch.recognise("Alembic")
        let alembic = sketch.module("alembic", [], repository)
        sketch.migrations = .command(alembic + ["upgrade", "head"], status: alembic + ["check"])
    }
}
