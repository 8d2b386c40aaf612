import Glibc

/// The bytes of every name in an open folder, without `.` and `..`; nil with `errno` on failure.
func rawNames(in folder: Descriptor) -> [[CChar]]? {
    let copy = openat(folder.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0 else { return nil }
    guard let stream = fdopendir(copy) else {
        close(copy)
        return nil
    }
    defer { closedir(stream) }
    var names: [[CChar]] = []
    while true {
        errno = 0
        guard let entry = readdir(stream) else { return errno == 0 ? names : nil }
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: 256) { text in
                Array(UnsafeBufferPointer(start: text, count: strlen(text) + 1))
            }
        }
        if name != [46, 0] && name != [46, 46, 0] { names.append(name) }
    }
}

/// Names in a folder, in no order; nil when it cannot be read.
func folderNames(_ path: String) -> [String]? {
    guard let folder = Descriptor.open(path, O_RDONLY | O_DIRECTORY), let names = rawNames(in: folder) else {
        return nil
    }
    return names.map(text(of:))
}

/// A name as `rawNames` gives it, without the closing zero.
func text(of name: [CChar]) -> String {
    String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
