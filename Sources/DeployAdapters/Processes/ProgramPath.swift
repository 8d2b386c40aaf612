import Glibc

/// Finds programs as the shell does, but never in the current folder by accident.
enum ProgramPath {
    private static let standard = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// The file to execute; nil when there is none, or no such working folder.
    static func find(_ program: String, path: String?, directory: String?) -> String? {
        if let directory, !isFolder(directory) { return nil }
        if program.utf8.contains(UInt8(ascii: "/")) {
            let absolute =
                program.begins(with: "/") ? program : directory.map { "\($0)/\(program)" } ?? program
            return isProgram(absolute) ? absolute : nil
        }
        guard !program.isEmpty else { return nil }
        for folder in (path ?? standard).split(at: ":") where folder.begins(with: "/") {
            let candidate = "\(folder)/\(program)"
            if isProgram(candidate) { return candidate }
        }
        return nil
    }

    /// Why `find` found nothing.
    static func reasonMissing(_ program: String, directory: String?) -> String {
        if let directory, !isFolder(directory) { return "there is no folder \(directory)" }
        var information = stat()
        guard program.utf8.contains(UInt8(ascii: "/")) else { return "\(program) is not installed" }
        let absolute = program.begins(with: "/") ? program : directory.map { "\($0)/\(program)" } ?? program
        return stat(absolute, &information) == 0
            ? "\(program) is not executable" : "there is no file \(program)"
    }

    private static func isFolder(_ path: String) -> Bool {
        var information = stat()
        return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
    }

    private static func isProgram(_ path: String) -> Bool {
        var information = stat()
        return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFREG
            && access(path, X_OK) == 0
    }
}
