import DeployCore
import Glibc

/// Brings a file, or the entry of a file in its folder, to disk.
enum FileSync {
    static func file(_ path: String) throws(DeployError) { try sync(path, O_RDONLY | O_CLOEXEC) }

    static func folder(of path: String) throws(DeployError) {
        let folder = path.split(at: "/").dropLast().joined(separator: "/")
        try sync("/" + folder, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
    }

    private static func sync(_ path: String, _ flags: Int32) throws(DeployError) {
        let descriptor = open(path, flags)
        defer { if descriptor >= 0 { close(descriptor) } }
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw systemError(path, "cannot be brought to disk")
        }
    }
}
