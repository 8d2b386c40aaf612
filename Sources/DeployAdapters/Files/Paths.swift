import Glibc

/// The folder that holds `path`: `.` for a bare name.
func parentFolder(of path: String) -> String {
    let trimmed = withoutTrailingSlashes(path)
    guard let slash = trimmed.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    let folder = withoutTrailingSlashes(String(trimmed[..<slash]))
    return folder.isEmpty ? "/" : folder
}

/// The last component of `path`.
func lastComponent(of path: String) -> String {
    let trimmed = withoutTrailingSlashes(path)
    return trimmed.split(at: "/").last.map(String.init) ?? trimmed
}

private func withoutTrailingSlashes(_ path: String) -> String {
    var path = path[...]
    while let shorter = path.before("/"), !shorter.isEmpty { path = shorter }
    return String(path)
}

/// What a symbolic link holds; nil when it is none.
func readLink(_ path: String) -> String? {
    let target = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer -> [UInt8] in
        guard let base = buffer.baseAddress else { return [] }
        let count = readlink(path, base, buffer.count)
        return buffer.prefix(max(0, count)).map(UInt8.init(bitPattern:))
    }
    return target.isEmpty ? nil : String(decoding: target, as: UTF8.self)
}

/// What is at `path` itself; nil when nothing is.
func linkInformation(_ path: String) -> stat? {
    var information = stat()
    return lstat(path, &information) == 0 ? information : nil
}
