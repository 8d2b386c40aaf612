import DeployCore
import Glibc

/// What the kernel said of processes that it killed; for the superuser.
enum KernelLog {
    /// Whether it killed one of a group of one of these names, or of a group in that, for want of memory.
    static func saysMemoryLacked(in groups: Set<String>) -> Bool {
        guard let log = Descriptor.open("/dev/kmsg", O_RDONLY | O_NONBLOCK) else { return false }
        var buffer = [UInt8](repeating: 0, count: 8192)
        let limit = buffer.count
        while true {
            let count = read(log.number, &buffer, limit)
            // A line that was overwritten meanwhile is passed over.
            if count < 0, errno == EPIPE || errno == EINTR || errno == EINVAL { continue }
            guard count > 0 else { return false }
            let line = String(decoding: buffer[..<count], as: UTF8.self)
            if says(line, groups) { return true }
        }
    }

    /// The same of one line of it.
    static func says(_ line: String, _ groups: Set<String>) -> Bool {
        guard line.holds("oom-kill:"),
            let place = line.split(at: "task_memcg=").dropFirst().first.flatMap({ $0.split(at: ",").first })
        else { return false }
        return place.split(at: "/").contains { groups.contains(String($0)) }
    }
}
