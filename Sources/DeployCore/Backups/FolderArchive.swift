/// Packs a folder that may be in use into one compressed file, and makes a folder of it again.
struct FolderArchive {
    let files: any FileStore
    let commands: any CommandRunner

    /// 1. Copies the folder aside, as it is at this moment file by file.
    /// 2. Compares the copy with the folder: what nothing changed meanwhile must be equal.
    /// 3. Packs the copy and removes it.
    ///
    /// - Returns: what the archive holds.
    func pack(
        _ folder: String, to archive: String, copying copy: String
    ) throws(DeployError) -> FolderContent {
        try files.makeFolder(Path.parent(copy))
        let content = try takeCopy(of: folder, as: copy)
        try pack(copy, to: archive)
        try files.remove(copy)
        return content
    }

    /// Packs a folder that nobody changes meanwhile.
    func pack(_ folder: String, to archive: String) throws(DeployError) {
        try files.remove(archive)
        var compressing = request(ZstdCommands.packing)
        compressing.outputFile = archive
        let (packed, compressed) = commands.runPiped(request(Self.packing(folder)), into: compressing)
        if !packed.wasLeft(by: compressed) { try demand(packed, "\(folder) cannot be packed") }
        try demand(compressed, "\(archive) cannot be written")
        try files.makeDurable(archive)
    }

    /// Makes the new folder `folder`, with modes and, where the user may, owners as they were; not yet durable.
    ///
    /// `content`: what was packed; unpacking ends where more comes than that can take.
    func unpack(_ archive: String, holding content: FolderContent, to folder: String) throws(DeployError) {
        try files.remove(folder)
        let room = UnpackingRoom(free: files.freeBytes(at: folder))
        try room.demand(content.bytes, for: archive)
        try unpack(archive, atMost: content.mostPacked, to: folder)
    }

    /// The same where nobody knows what was packed: unpacking ends where more comes than `most` bytes.
    func unpack(_ archive: String, atMost most: Int64, to folder: String) throws(DeployError) {
        try files.remove(folder)
        try files.makeFolder(folder)
        var reading = request(ZstdCommands.unpacking(archive))
        reading.passesAtMost = most
        let (read, unpacked) = commands.runPiped(reading, into: request(Self.unpacking(to: folder)))
        if !read.wasLeft(by: unpacked) { try demand(read, "\(archive) cannot be decompressed") }
        try demand(unpacked, "\(archive) cannot be unpacked")
    }

    private static let tries = 3

    /// Files that come, go or grow while they are copied are taken as they were met.
    private func takeCopy(of folder: String, as copy: String) throws(DeployError) -> FolderContent {
        var complaint = ""
        for _ in 0..<Self.tries {
            try files.remove(copy)
            let before = try files.content(of: folder, hashing: true)
            let copying = commands.run(request(Self.copying(folder, to: copy)))
            guard files.kind(of: copy) == .folder else {
                complaint = copying.explanation
                continue
            }
            let taken = try files.content(of: copy, hashing: true)
            if taken == before && copying.succeeded { return taken }
            let after = try files.content(of: folder, hashing: true)
            let wrong = taken.strayed(from: before, and: after)
            // A file that goes while it is copied fails the copy; whatever else fails it is missed below.
            let isMoving = after != before || after.changed != before.changed
            if wrong.isEmpty && (copying.succeeded || isMoving) { return taken }
            guard copying.succeeded else {
                complaint = copying.explanation
                continue
            }
            complaint = "\(wrong.prefix(3).joined(separator: ", ")) of the copy is not what is in the folder"
        }
        throw failure("\(folder) cannot be copied", complaint)
    }

    private func request(_ command: Command) -> CommandRequest {
        CommandRequest(command, deadline: .seconds(6 * 3600), diesWithParent: true)
    }

    private func demand(_ result: CommandResult, _ what: String) throws(DeployError) {
        guard result.succeeded else { throw failure(what, result.explanation) }
    }

    private func failure(_ what: String, _ why: String) -> DeployError {
        DeployError(.backupFailed, what: what, why: why, next: "fix the cause, then run it again")
    }
}

extension FolderArchive {
    /// What `pack` starts.
    static var programsPacking: [ProgramCall] {
        [copying("{folder}", to: "{copy}"), packing("{copy}"), ZstdCommands.packing].calls
    }

    /// What `unpack` starts.
    static var programsUnpacking: [ProgramCall] {
        [ZstdCommands.unpacking("{archive}"), unpacking(to: "{folder}")].calls
    }

    private static func copying(_ folder: String, to copy: String) -> Command {
        Command("cp", ["--archive", "--reflink=auto", "--no-target-directory", "--", folder, copy])
    }

    private static func packing(_ copy: String) -> Command {
        Command(
            "tar",
            ["--create", "--format=posix", "--sort=name", "--numeric-owner", "--directory", copy, "."])
    }

    private static func unpacking(to folder: String) -> Command {
        Command("tar", ["--extract", "--numeric-owner", "--preserve-permissions", "--directory", folder])
    }
}

extension FolderContent {
    /// Bytes that an archive of it cannot exceed: heads and paths of each entry, its content, and pipes, which are not listed.
    var mostPacked: Int64 {
        entries.reduce(bytes + 16 << 20) { $0 + 4096 + 4 * Int64($1.path.utf8.count) }
    }

    /// What is not as it was although nothing touched it between the two looks at the source.
    fileprivate func strayed(from before: FolderContent, and after: FolderContent) -> [String] {
        let moving = after.changes(since: before)
        let excused = Set(moving.added + moving.removed + moving.changed)
        let found = changes(since: before)
        return (found.added + found.removed + found.changed)
            .filter { !excused.contains($0) && !after.moved($0, since: before) }.sorted()
    }
}
