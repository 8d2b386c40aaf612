import FoundationEssentials

/// Where the project lies, as an absolute path without `.` and `..`.
enum ProjectFolder {
    /// The folder given, else the nearest one from here upwards that holds definitions.
    static func find(_ globals: GlobalOptions, from working: String) -> String {
        if let given = named(globals, from: working) { return given }
        var candidate = normal(working)
        while !FileManager.default.fileExists(atPath: "\(candidate)/\(globals.environments)"),
            candidate != "/"
        {
            candidate = normal("\(candidate)/..")
        }
        return candidate == "/" ? normal(working) : candidate
    }

    /// The folder given on the command line; nil where none is.
    static func named(_ globals: GlobalOptions, from working: String) -> String? {
        globals.project.map { normal($0.begins(with: "/") ? $0 : "\(working)/\($0)") }
    }

    static func normal(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(at: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }
}
