import DeployTestSupport
import Foundation

/// A time of day that a test moves, for whatever is started in it and all that this starts.
///
/// The machine's own stays as it is: a library before libc adds to it, named in an /etc that only these programs see. Times of
/// files are the machine's.
final class MovedClock {
    private let folder: String
    private var offset = 0.0

    /// `folder`: of its own, for what it needs.
    init(in folder: String, of world: ProjectWorld) throws {
        self.folder = folder
        guard getuid() == 0 else { throw lacking("root") }
        try FileManager.default.createDirectory(atPath: "\(folder)/etc", withIntermediateDirectories: true)
        let compiler = try world.runProgram(["sh", "-c", "command -v cc"])
        guard compiler.status == 0 else { throw lacking("a C compiler") }
        try move(to: Date())
        try world.runProgram([
            "cc", "-shared", "-fPIC", "-O2", "-DOFFSET=\"\(folder)/offset\"", "-o", "\(folder)/clock.so",
            "\(ProjectWorld.package)/Tests/Load/clock.c",
        ]).expect(0)
        try "\(folder)/clock.so\n".write(
            toFile: "\(folder)/etc/ld.so.preload", atomically: true, encoding: .utf8)
        guard try world.runProgram(within(["true"])).status == 0 else { throw lacking("right to mount") }
    }

    var now: Date { Date().addingTimeInterval(offset) }

    /// For all that runs in it, at once.
    func move(to moment: Date) throws {
        offset = moment.timeIntervalSinceNow.rounded()
        var seconds = Int(offset)
        // In place: it is mapped.
        let file = open("\(folder)/offset", O_WRONLY | O_CREAT, 0o644)
        defer { close(file) }
        try expect(pwrite(file, &seconds, 8, 0) == 8, "the clock is moved")
    }

    /// The words that start a program in it.
    func within(_ words: [String]) -> [String] {
        let mount = "mount -t overlay overlay -o lowerdir=\(folder)/etc:/etc /etc && exec \"$@\""
        return ["unshare", "--mount", "sh", "-c", mount, "sh"] + words
    }
}
