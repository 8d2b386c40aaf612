import DeployCore
import Glibc

/// What the kernel said of processes that it killed; for the superuser.
enum KernelLog {
    /// Whether it killed one of a group of this name for want of memory.
    static func saysMemoryLacked(in group: String) -> Bool {
        guard let log = Descriptor.open("/dev/kmsg", O_RDONLY | O_NONBLOCK) else { return false }
        var buffer = [UInt8](repeating: 0, count: 8192)
        let limit = buffer.count
        while true {
            let count = read(log.number, &buffer, limit)
            // A line that was overwritten meanwhile is passed over.
            if count < 0, errno == EPIPE || errno == EINTR || errno == EINVAL { continue }
            guard count > 0 else { return false }
            let line = String(decoding: buffer[..<count], as: UTF8.self)
            guard line.holds("oom-kill:"), let place = line.split(at: "task_memcg=").dropFirst().first
            else { continue }
            if String(place).split(at: ",").first.map(String.init)?.ends(with: "/\(group)") == true {
                return true
            }
        }
    }
}
