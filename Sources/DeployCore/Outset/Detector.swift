/// Recognises one kind of application, or one part of any, in a repository's files.
protocol Detector: Sendable {
    /// Adds what it finds to what those before it found; a repository of another kind changes nothing.
    func look(at repository: RepositoryFiles, adding sketch: inout ApplicationSketch)
}

enum Detectors {
    /// In order: languages, what they run, what the project says itself, then what all kinds have in common.
    static let all: [any Detector] = [
        PythonDetector(), DjangoDetector(), PythonWebDetector(), CeleryDetector(), AlembicDetector(),
        NodeDetector(), RubyDetector(), PHPDetector(), GoDetector(), RustDetector(),
        ProcfileDetector(), SeveralServicesDetector(), StaticSiteDetector(), ComposeDetector(),
        DockerfileDetector(),
        SQLFolderDetector(), DatabaseDetector(), FoldersDetector(), HealthDetector(), VariablesDetector(),
    ]

    static func sketch(of repository: RepositoryFiles) -> ApplicationSketch {
        var sketch = ApplicationSketch()
        for detector in all { detector.look(at: repository, adding: &sketch) }
        if !repository.isWhole {
            sketch.leave(
                "the repository has more files than are looked at; compare what was written with what you know"
            )
        }
        return sketch
    }
}
