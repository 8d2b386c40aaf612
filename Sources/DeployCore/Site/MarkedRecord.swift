import FoundationEssentials

/// A file with a digest and this project's mark before its content: what was damaged is not read, and what somebody else wrote,
/// or moved there from another place, is told apart.
struct MarkedRecord {
    let files: any FileStore
    let project: String

    private var seal: AuditSeal { AuditSeal(files: files, project: project) }

    func write(_ value: some Encodable, to path: String) throws(DeployError) {
        let text = try JSON.text(value)
        let digest = SHA256.hexadecimal(of: text)
        let mark = try seal.mark(ofRecord: digest, at: place(path))
        try files.makeFolder(Path.parent(path))
        try files.publish(Data("\(digest) \(mark)\n\(text)\n".utf8), to: path)
    }

    /// nil where there is none, or it is damaged; `isOurs`: it has this project's mark for this place.
    func read<Value: Decodable>(_ type: Value.Type, at path: String) -> (value: Value, isOurs: Bool)? {
        guard let size = files.size(of: path), size <= Self.limit, let data = (try? files.read(path)) ?? nil,
            let lines = String(decoding: data, as: UTF8.self).cut(at: "\n"),
            case let words = lines.before.split(at: " ").map(String.init), words.count == 2,
            let text = String(lines.after).before("\n"), SHA256.hexadecimal(of: String(text)) == words[0],
            let value = try? JSON.value(type, from: Data(text.utf8), named: path)
        else { return nil }
        return (value, seal.isOurs(words[1], ofRecord: words[0], at: place(path)))
    }

    /// Far above what a run of a hundred services takes.
    private static let limit: Int64 = 64 << 20

    private func place(_ path: String) -> String {
        path.after("\(Layout.tool(project))/").map(String.init) ?? path
    }
}
