import DeployCore
import Glibc

/// What `/proc` and the password database say.
public struct LinuxWitness: Witness {
    public init() {}

    public var user: UInt32 { getuid() }

    public var knowsUsers: Bool {
        let map = ProcFile.lines("/proc/self/uid_map").map { $0.split(at: " ").map(String.init) }
        return map == [["0", "0", "\(UInt32.max)"]]
    }

    public var loginUser: UInt32? {
        let text = ProcFile.lines("/proc/self/loginuid").first.map(String.init) ?? ""
        return UInt32(text).flatMap { $0 == .max ? nil : $0 }
    }

    /// By its number, because a descriptor can be led elsewhere: 136 to 143 are windows, 4 are consoles.
    public var terminal: String? {
        guard let number = ProcessRecord(pid: getpid())?.terminal, number != 0 else { return nil }
        let (major, minor) = (number >> 8 & 0xFFF, number & 0xFF | number >> 12 & 0xFFF00)
        switch major {
        case 136...143: return "/dev/pts/\((major - 136) << 8 | minor)"
        case 4: return minor < 64 ? "/dev/tty\(minor)" : "/dev/ttyS\(minor - 64)"
        default: return "device \(major):\(minor)"
        }
    }

    public func name(of user: UInt32) -> String? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1 << 16) { buffer in
            guard let start = buffer.baseAddress,
                getpwuid_r(user, &entry, start, buffer.count, &found) == 0, found != nil,
                let name = entry.pw_name
            else { return nil }
            return String(cString: name)
        }
    }

    public func birth(of path: String) -> Double? { birthOfFile(path) }

    public func variable(_ name: String, of pid: Int32) -> String? {
        let words = ProcFile.read("/proc/\(pid)/environ")?.split(separator: 0) ?? []
        return words.lazy.map { String(decoding: $0, as: UTF8.self) }.compactMap { $0.after("\(name)=") }
            .first
            .map(String.init)
    }
}
