/// From which port a machine lets accounts open them once it starts again, as its files say.
struct ServerPortSetting: Hashable {
    /// The file that has the last word.
    let file: String
    let firstPort: Int

    /// Whose files ending in `.conf`, and in no folder below, are read when a machine starts; of two files of one name, that of the earlier folder counts.
    static let folders = ["/etc/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d"]
    static let key = "ip_unprivileged_port_start"

    private static let whole = "net.ipv4.\(key)"

    /// By lines of those folders with the file before each; nil where no file says anything.
    init?(_ text: String) {
        var last: [String: (place: Int, file: String, firstPort: Int)] = [:]
        for line in text.lines {
            guard let (file, rest) = String(line).cut(at: ":"), let port = Self.port(String(rest)),
                let place = Self.folders.firstIndex(of: Path.parent(String(file)))
            else { continue }
            let name = Path.name(String(file))
            guard name.ends(with: ".conf") else { continue }
            if let known = last[name], known.place < place { continue }
            last[name] = (place, String(file), port)
        }
        guard let deciding = last.max(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) else {
            return nil
        }
        (file, firstPort) = (deciding.value.file, deciding.value.firstPort)
    }

    /// Whether that file is read after the one that is written for this.
    var comesLater: Bool {
        Path.name(ServerPlace.portSetting).utf8.lexicographicallyPrecedes(Path.name(file).utf8)
    }

    /// nil for a remark and for other keys.
    private static func port(_ line: String) -> Int? {
        let line = String(line.trimmed)
        guard let (key, value) = (line.after("-").map(String.init) ?? line).cut(at: "=") else { return nil }
        guard String(key.trimmed).replacing("/", by: ".").utf8.elementsEqual(whole.utf8) else { return nil }
        return Int(String(value.trimmed))
    }
}
