enum Path {
    static func parent(_ path: String) -> String {
        guard let (folder, _) = path.cutLast(at: "/") else { return "." }
        return folder.isEmpty ? "/" : String(folder)
    }

    static func name(_ path: String) -> String {
        path.split(at: "/").last.map(String.init) ?? path
    }

    /// Whether it names something in one folder, and nowhere else.
    static func isName(_ text: String) -> Bool {
        !["", ".", ".."].contains { $0 == text }
            && !text.utf8.contains { $0 == 0x2F || $0 < 0x20 || $0 == 0x7F }
    }

    /// `path` as seen from a folder, steps back taken by name and not along links.
    static func joined(_ folder: String, _ path: String) -> String {
        guard !path.begins(with: "/") else { return path }
        var parts: [Substring] = []
        for part in "\(folder)/\(path)".split(at: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/\(parts.joined(separator: "/"))"
    }
}
