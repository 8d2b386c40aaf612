/// The name of what a process makes beside its place and then moves there: `.NAME.PID.NUMBER.partial`.
public enum PassingName {
    private static let ending = ".partial"

    /// Beside `path`; no other process and no other number has it.
    public static func beside(_ path: String, pid: Int32, number: UInt64) -> String {
        // Names may have 255 bytes, and the path's own may be as long.
        let name = String(decoding: Path.name(path).utf8.prefix(180), as: UTF8.self)
        return "\(Path.parent(path))/.\(name).\(pid).\(number)\(ending)"
    }

    /// The process that made what has this name; nil when it is no such name.
    static func writer(of name: String) -> Int32? {
        guard name.begins(with: "."), let words = name.before(ending)?.split(at: "."), words.count >= 3,
            UInt64(words[words.count - 1]) != nil
        else { return nil }
        return Int32(words[words.count - 2])
    }
}
