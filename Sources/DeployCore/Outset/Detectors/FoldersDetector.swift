/// Folders a program writes in, which would go with its release.
struct FoldersDetector: Detector {
    /// With whether what lies there goes back with the data.
    private static let folders = [
        ("uploads", true), ("upload", true), ("media", true), ("storage", true), ("data", true),
        ("log", false),
        ("logs", false), ("tmp", false), ("cache", false),
    ]

    func look(at repository: RepositoryFiles, adding sketch: inout ApplicationSketch) {
        guard !sketch.services.isEmpty, sketch.composeFile == nil else { return }
        let texts = repository.code.map(\.text)
        let ignored = (repository.text(".gitignore") ?? "").lines.map(String.init)
        for (folder, keeping) in Self.folders where !isReserved(folder) {
            let isWritten = texts.contains { text in
                ["\"", "'", "`"].contains { text.holds("\($0)\(folder)/") }
            }
            let isIgnored =
                keeping
                && ignored.contains {
                    ["\(folder)/", "/\(folder)/", "\(folder)/*", "/\(folder)/*"].contains($0)
                }
            if isWritten || isIgnored { sketch.share(folder, keeping: keeping) }
        }
        if sketch.shared.contains(where: { $0 == "uploads" }),
            texts.contains(where: { $0.holds("static('uploads')") || $0.holds("static(\"uploads\")") })
        {
            sketch.routes.append(.init(path: "/uploads", target: "uploads"))
        }
    }

    /// deployctl's own folder of logs.
    private func isReserved(_ folder: String) -> Bool { folder == "logs" }
}
