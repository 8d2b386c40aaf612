import Glibc
import Synchronization

private let counter = Atomic<UInt64>(0)

/// A name beside `path` that no other call and no living process uses.
func temporaryName(for path: String) -> String {
    let number = counter.add(1, ordering: .relaxed).newValue
    // Names may have 255 bytes, and the path's own may be as long.
    let name = String(decoding: lastComponent(of: path).utf8.prefix(180), as: UTF8.self)
    return "\(parentFolder(of: path))/.\(name).\(getpid()).\(number).partial"
}
