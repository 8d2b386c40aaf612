enum Path {
    static func parent(_ path: String) -> String {
        guard let (folder, _) = path.cutLast(at: "/") else { return "." }
        return folder.isEmpty ? "/" : String(folder)
    }

    static func name(_ path: String) -> String {
        path.split(at: "/").last.map(String.init) ?? path
    }
}
