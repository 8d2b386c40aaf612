import DeployCore
import Glibc
import Synchronization

/// Waiting rooms as unix sockets of this process, with a thread for each visitor.
public struct LinuxWaitingRooms: WaitingRooms {
    public init() {}

    public func open(at path: String, for addresses: [ServiceAddress], patience: Duration)
        -> (any WaitingRoom)?
    {
        LinuxWaitingRoom(path, addresses, patience)
    }
}

/// One unix socket at which visitors wait.
final class LinuxWaitingRoom: WaitingRoom {
    /// So many at once; whoever comes then is let go at once.
    private static let seats = 128
    /// Microseconds from one try to the next.
    private static let pause: UInt32 = 10_000

    private let path: String
    private let door: Descriptor
    private let guests: Guests

    /// What visitors' threads share; they may outlive the room.
    private final class Guests: Sendable {
        let addresses: [ServiceAddress]
        let patience: Int64
        let count = Atomic<Int>(0)
        let isOpen = Atomic<Bool>(true)

        init(_ addresses: [ServiceAddress], _ patience: Duration) {
            (self.addresses, self.patience) = (addresses, patience.nanoseconds)
        }
    }

    /// nil where the socket cannot be made.
    init?(_ path: String, _ addresses: [ServiceAddress], _ patience: Duration) {
        guard let door = LocalSocket.make() else { return nil }
        unlink(path)
        // Workers of nginx may run as another account; the folder says who gets here.
        guard LocalSocket.bind(door, to: path), chmod(path, 0o666) == 0, listen(door.number, 64) == 0 else {
            return nil
        }
        (self.path, self.door) = (path, door)
        guests = Guests(addresses, patience)
        let guests = guests
        guard let thread = OwnThread({ Self.receive(at: door, guests) }) else {
            unlink(path)
            return nil
        }
        thread.detach()
    }

    deinit {
        guests.isOpen.store(false, ordering: .relaxed)
        unlink(path)
        shutdown(door.number, Int32(SHUT_RDWR))
    }

    private static func receive(at door: Descriptor, _ guests: Guests) {
        while guests.isOpen.load(ordering: .relaxed) {
            let number = accept(door.number, nil, nil)
            guard number >= 0 else {
                if errno == EINTR || errno == ECONNABORTED { continue }
                // No room for another open file: those that are inside leave some.
                guard errno == EMFILE || errno == ENFILE else { return }
                usleep(pause)
                continue
            }
            let visitor = Descriptor(number)
            _ = fcntl(number, F_SETFD, FD_CLOEXEC)
            guard guests.count.load(ordering: .relaxed) < seats else { continue }
            guests.count.add(1, ordering: .relaxed)
            let thread = OwnThread {
                if let service = seek(guests) { Relay(visitor, service).run() }
                guests.count.subtract(1, ordering: .relaxed)
            }
            if let thread { thread.detach() } else { guests.count.subtract(1, ordering: .relaxed) }
        }
    }

    /// The connection to the first address that takes one; nil where none does in time.
    private static func seek(_ guests: Guests) -> Descriptor? {
        let end = monotonicNow() + guests.patience
        while guests.isOpen.load(ordering: .relaxed), monotonicNow() < end {
            for address in guests.addresses {
                if let service = LocalSocket.connect(to: address) { return service }
            }
            usleep(pause)
        }
        return nil
    }
}
