import DeployCore
import Glibc

/// Finds files below a folder by their listed paths, one folder after the other, each of which is opened once.
struct ListedFiles {
    private let beneath: Beneath
    private var here: (path: [UInt8], folder: Descriptor?)?

    init(_ folder: String) throws(DeployError) { beneath = try Beneath(folder, followsLinks: false) }

    /// The open folder of a path and its last name there, with the closing zero; nil where that folder is missing.
    mutating func find(_ path: String) throws(DeployError) -> (folder: Descriptor, name: [CChar])? {
        let bytes = Array(path.utf8)
        let cut = bytes.lastIndex(of: UInt8(ascii: "/"))
        let parent = cut.map { Array(bytes[..<$0]) } ?? []
        if here?.path != parent { here = (parent, try beneath.open(folder: parent)) }
        guard let folder = here?.folder else { return nil }
        let name = bytes[(cut.map { $0 + 1 } ?? 0)...]
        return (folder, name.map(CChar.init(bitPattern:)) + [0])
    }

    /// What stands at a path, links not followed; nil for nothing.
    mutating func information(_ path: String) throws(DeployError) -> stat? {
        guard let (folder, name) = try find(path) else { return nil }
        var information = stat()
        if fstatat(folder.number, name, &information, AT_SYMLINK_NOFOLLOW) == 0 { return information }
        if errno == ENOENT { return nil }
        throw systemError("\(beneath.folder)/\(path)", "cannot be examined")
    }
}
