/// A Go module with one program.
struct GoDetector: Detector {
    func look(at repository: RepositoryFiles, adding sketch: inout ApplicationSketch) {
        guard repository.has("go.mod") else { return }
        sketch.recognise("Go")
        let main = repository.sources([".go"]).first {
            $0.text.begins(with: "package main") || $0.text.holds("\npackage main")
        }
        guard let main else { return }
        let folder = RepositoryFiles.folder(of: main.path)
        sketch.build.append(["go", "build", "-o", "bin/server", folder.isEmpty ? "." : "./\(folder)"])
        sketch.serve(["bin/server"], as: "Go")
    }
}
