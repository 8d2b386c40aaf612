import FoundationEssentials

/// The file that says of a project's folder that it lies on a machine which definitions name, and under which name.
public struct FarMark: Sendable {
    private let files: any FileStore
    private let path: String

    public init(files: any FileStore, project: String) {
        (self.files, path) = (files, Layout.farMark(project))
    }

    var isThere: Bool { files.kind(of: path) != nil }

    /// What the machine was called where the last command was typed that changed something; nil where that was not said.
    public var name: String? {
        guard let data = try? files.read(path) else { return nil }
        return String(decoding: data, as: UTF8.self).lines.dropFirst().first.map(String.init)
    }

    func write(_ name: String?) throws(DeployError) {
        let line = name.flatMap(FarAddress.init).map { "\($0.text)\n" } ?? ""
        try files.publish(Data("A host that definitions name is this machine.\n\(line)".utf8), to: path)
    }
}
