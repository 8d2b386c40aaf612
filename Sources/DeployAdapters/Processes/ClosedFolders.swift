import DeployCore
import Glibc

/// Starts a program of the superuser for which some folders are empty.
///
/// The program has a view of the file system of its own, and lacks the capabilities by which it could look behind it.
struct ClosedFolders {
    private let folders: [ClosedFolder]

    init(_ folders: [ClosedFolder]) { self.folders = folders }

    /// Open as before where this process may have no such view, as in a container without that capability.
    ///
    /// - Throws: `.stepFailed` where it may, and a folder cannot be closed.
    func start(_ work: @escaping () -> Spawn.Outcome) throws(DeployError) -> Spawn.Outcome {
        var result: Result<Spawn.Outcome, DeployError>?
        let ran = onItsOwnThread {
            guard leaveMountNamespace() == 0 else { return result = .success(work()) }
            do throws(DeployError) {
                try close()
                Self.dropCapabilities()
                result = .success(work())
            } catch {
                result = .failure(error)
            }
        }
        guard ran, let result else { throw systemError("a thread", "cannot be had", EAGAIN) }
        return try result.get()
    }

    private func close() throws(DeployError) {
        // What is mounted outside later shall be seen, but nothing of this outside.
        try mount(nil, on: "/", flags: Self.recursive | Self.follows)
        for folder in folders {
            let kept = [folder.but, folder.readable].compactMap(\.self).map { path in
                (path: path, open: Descriptor.open(path, O_RDONLY | O_DIRECTORY))
            }
            try mount("tmpfs", on: folder.path, flags: Self.plain, options: "size=64k,mode=0711")
            for (path, open) in kept {
                guard let open else { continue }
                for place in Self.way(from: folder.path, to: path) {
                    guard mkdir(place, 0o711) == 0 || errno == EEXIST else {
                        throw systemError(path, "cannot be kept open")
                    }
                }
                try mount("/proc/self/fd/\(open.number)", on: path, flags: Self.bind | Self.recursive)
                guard path == folder.readable else { continue }
                try mount(nil, on: path, flags: Self.bind | Self.again | Self.readOnly)
            }
            try mount(nil, on: folder.path, flags: Self.plain | Self.bind | Self.again | Self.readOnly)
        }
    }

    /// The folders below `folder` on the way to `path`, itself last.
    private static func way(from folder: String, to path: String) -> [String] {
        var way: [String] = []
        var place = path
        while place != folder, place.begins(with: folder) {
            way.insert(place, at: 0)
            place = parentFolder(of: place)
        }
        return way
    }

    private func mount(
        _ source: String?, on path: String, flags: UInt, options: String? = nil
    ) throws(DeployError) {
        guard mountFolder(source, path, source, flags, options) == 0 else {
            throw systemError(path, "cannot be closed to services").recast(as: .stepFailed)
        }
    }

    private static let readOnly: UInt = 1
    /// Without programs, devices and changes of user.
    private static let plain: UInt = 2 | 4 | 8
    private static let again: UInt = 0x20
    private static let bind: UInt = 0x1000
    private static let recursive: UInt = 0x4000
    private static let follows: UInt = 0x80000

    /// To open files by handle, load modules, reach memory and devices, look into other processes, and mount.
    private static func dropCapabilities() {
        for number: UInt in [2, 16, 17, 19, 21, 27] { dropCapability(number) }
    }
}
