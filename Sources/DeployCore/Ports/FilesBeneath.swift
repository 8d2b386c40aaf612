import FoundationEssentials

/// What is done to the tree of a commit: a path is followed from the open folder, name by name, and never out of it.
///
/// Links are followed as long as they stay below the folder. One that leads out, on the way or at its end, is
/// refused with `.gateRefused`, which names it. `path` is relative to `folder`.
public protocol FilesBeneath: Sendable {
    /// The bytes of a regular file, nil when there is none.
    func read(_ path: String, beneath folder: String) throws(DeployError) -> Data?
    /// Names in the folder at `path`, sorted; empty when there is none.
    func names(in path: String, beneath folder: String) throws(DeployError) -> [String]
    /// Removes a file, a link or a whole folder; nothing there is fine.
    func remove(_ path: String, beneath folder: String) throws(DeployError)
    /// Makes a symbolic link in place of whatever stands there, and the folders it lies in; one link replaces another in one step.
    func pointLink(_ path: String, to target: String, beneath folder: String) throws(DeployError)
    /// Moves a file or link to the same path below `other`, making folders on the way and replacing what is there.
    ///
    /// `listed` is a path as ``FileStore/content(of:hashing:)`` lists it; no link on the way is followed.
    func move(listed: String, from folder: String, to other: String) throws(DeployError)
    /// Gives a file or folder these permission bits; no link on the way is followed, and `listed` is as for `move`.
    func setMode(_ mode: UInt16, ofListed listed: String, beneath folder: String) throws(DeployError)
}
