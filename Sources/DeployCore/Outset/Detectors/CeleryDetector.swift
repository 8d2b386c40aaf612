/// Celery: a worker, and a scheduler where the code has a schedule.
struct CeleryDetector: Detector {
    func look(at repository: RepositoryFiles, adding sketch: inout ApplicationSketch) {
        let sources = repository.sources([".py"])
        guard
            let module = sources.lazy.compactMap({ source -> String? in
                let makers = ["Celery(", "celery_init_app("]
                let named = CodeScan.assigned(to: [""], in: source.text).contains { $0 == "celery_app" }
                guard named || !CodeScan.assigned(to: makers, in: source.text).isEmpty else { return nil }
                return PythonWebDetector.module(source.path)
            }).first
        else { return }
        sketch.recognise("Celery")
        let celery = sketch.module("celery", ["-A", module], repository)
        sketch.put(.init(name: "worker", command: celery + ["worker"], listens: false))
        if sources.contains(where: { $0.text.holds("beat_schedule") || $0.text.holds("add_periodic_task") }) {
            sketch.put(.init(name: "beat", command: celery + ["beat"], listens: false, overlap: false))
        }
        sketch.hide("CELERY_BROKER_URL", .numbered("redis://127.0.0.1:6379/"))
        sketch.leave("each environment needs a broker of its own: see CELERY_BROKER_URL in .secrets")
    }
}
