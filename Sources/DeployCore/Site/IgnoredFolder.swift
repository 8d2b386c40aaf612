import FoundationEssentials

/// A folder of the tool's own inside a checkout, of which git takes nothing.
struct IgnoredFolder {
    let files: any FileStore
    /// Absolute.
    let project: String

    private static let name = ".gitignore"

    /// Makes the folder, with a `.gitignore` of `*` where it held nothing before but `own`, which the tool made.
    ///
    /// What lies outside the project, or was there with other content, belongs to somebody else.
    func make(_ path: String, own: Set<String> = []) throws(DeployError) {
        let isNew = files.names(in: path).allSatisfy(own.contains)
        try files.makeFolder(path)
        let file = "\(path)/\(Self.name)"
        guard isNew, path.begins(with: "\(project)/"), files.kind(of: file) == nil else { return }
        try files.publish(Data("*\n".utf8), to: file)
    }

    /// The tool's own folder, of which all is its own.
    func makeTool() throws(DeployError) {
        let path = Layout.tool(project)
        try make(path, own: Set(files.names(in: path)))
    }
}
