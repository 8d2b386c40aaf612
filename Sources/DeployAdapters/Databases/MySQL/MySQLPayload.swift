import DeployCore
import FoundationEssentials
import Glibc

/// A compressed dump that ends with a line of our own, so that a cut one is known before anything is made of it.
struct MySQLPayload {
    /// What has to be known before the dump is read.
    struct Trailer: Codable {
        var version: String
        var characterSet: String
        var collation: String
    }

    private static let prefix = "-- deployctl: "
    private static let completed = "-- Dump completed"
    let path: String
    let runner: any CommandRunner

    /// Compresses its input into the new file.
    var writing: CommandRequest {
        var request = CommandRequest(ZstdCommands.packing, deadline: MySQLServer.long, diesWithParent: true)
        request.outputFile = path
        return request
    }

    var reading: CommandRequest {
        CommandRequest(
            ZstdCommands.unpacking(path), deadline: MySQLServer.long, outputLimit: 1 << 14,
            diesWithParent: true)
    }

    /// Adds the trailer as a frame of its own, which the format allows, and makes the file durable.
    func seal(_ trailer: Trailer) throws(DeployError) {
        let end = "\(path).end"
        defer { unlink(end) }
        unlink(end)
        var request = CommandRequest(ZstdCommands.packing)
        let text = "\n\(Self.prefix)\(String(decoding: try JSON.data(trailer), as: UTF8.self))\n"
        request.input = Data(text.utf8)
        request.outputFile = end
        let result = runner.run(request)
        guard result.succeeded, let frame = Descriptor.open(end, O_RDONLY)?.readAll(), !frame.isEmpty else {
            throw unusable(result.complaint)
        }
        guard let file = Descriptor.open(path, O_WRONLY | O_APPEND), frame.withUnsafeBytes(file.write) else {
            throw systemError(path, "cannot be written")
        }
        try FileSync.file(path)
    }

    /// The most bytes of the line that `seal` adds.
    static let sealLimit: Int64 = 1 << 16

    /// Decodes all of it.
    ///
    /// - Throws: `.backupFailed` when it cannot be decoded, is not complete or has more than `most` bytes.
    func check(atMost most: Int64? = nil) throws(DeployError) -> Trailer {
        var request = reading
        request.passesAtMost = most
        let result = runner.run(request)
        guard result.succeeded else { throw unusable(result.complaint) }
        let lines = result.output.lines.suffix(2)
        guard lines.count == 2, let last = lines.last?.after(Self.prefix), let before = lines.first,
            before.begins(with: Self.completed)
        else { throw unusable("its end is missing") }
        let text = Data(last.utf8)
        guard let trailer = try? JSONDecoder().decode(Trailer.self, from: text) else {
            throw unusable("its last line cannot be read")
        }
        return trailer
    }

    func unusable(_ why: String) -> DeployError {
        DeployError(
            .backupFailed, what: "The dump \(path) cannot be used", why: why,
            next: "take another backup: deployctl backup create ENV")
    }
}
