/// A Dockerfile alone does not say which service it is.
struct DockerfileDetector: Detector {
    func look(at repository: RepositoryFiles, adding sketch: inout ApplicationSketch) {
        guard repository.has("Dockerfile"), sketch.composeFile == nil else { return }
        sketch.recognise("Dockerfile")
        sketch.leave(
            sketch.services.isEmpty
                ? "Dockerfile alone is not enough: write a compose.yml with a service that builds it, then run deployctl init again"
                : "Dockerfile is not used: services run as processes; for containers see deployctl's page Compose"
        )
    }
}
