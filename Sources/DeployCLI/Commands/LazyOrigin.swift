import DeployCore
import Synchronization

/// Who runs this, found out once and only when somebody asks: git is a program to wait for.
final class LazyOrigin: Sendable {
    private let make: @Sendable () -> Origin
    private let known = Mutex<Origin?>(nil)

    init(_ make: @escaping @Sendable () -> Origin) { self.make = make }

    var value: Origin {
        known.withLock { known in
            if let known { return known }
            let origin = make()
            known = origin
            return origin
        }
    }
}
