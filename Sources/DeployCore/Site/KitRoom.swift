/// Where a project's kits are made and opened; nothing here outlives the command.
enum KitRoom {
    static func path(_ project: String) -> String { "\(Layout.tool(project))/.kits" }

    /// Nobody else makes or adopts one meanwhile.
    ///
    /// - Throws: `.locked` while somebody does.
    static func lock(_ project: String, _ files: any FileStore) throws(DeployError) -> any HeldLock {
        try files.makeFolder(path(project))
        guard let lock = try files.lock("\(path(project))/lock") else {
            throw DeployError(
                .locked, what: "Another command is at the kits of this project",
                why: "it makes, adopts or tries one", next: "wait for it, then run this again")
        }
        // Whoever was making one and was killed left it open.
        try files.remove(making(project))
        return lock
    }

    /// Whether somebody is at it now.
    static func isTaken(_ project: String, _ files: any FileStore) -> Bool {
        files.isLocked("\(path(project))/lock")
    }

    /// Where one is made.
    static func making(_ project: String) -> String { "\(path(project))/create" }
}
