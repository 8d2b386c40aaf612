/// A crate with a program.
struct RustDetector: Detector {
    func look(at repository: RepositoryFiles, adding sketch: inout ApplicationSketch) {
        guard let manifest = repository.text("Cargo.toml") else { return }
        sketch.recognise("Rust")
        guard let section = manifest.cut(at: "[package]")?.after,
            let line = section.lines.first(where: { $0.begins(with: "name") }),
            let value = line.cut(at: "=")?.after, let name = CodeScan.quoted(at: value.trimmed)?.word,
            name.utf8.allSatisfy({ CodeScan.isOfName($0) || $0 == UInt8(ascii: "-") })
        else { return sketch.leave("Cargo.toml names no package: write the program's \"command\" yourself") }
        sketch.build.append(["cargo", "build", "--release"])
        sketch.serve(["target/release/\(name)"], as: "Rust")
    }
}
