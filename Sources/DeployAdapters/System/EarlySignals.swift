import DeployCore
import Glibc

/// What a signal does before anything watches: there is nothing to take back, so the program ends with its code at once.
public enum EarlySignals {
    /// Until `SignalWatcher` takes over; a SIGHUP ignored by `nohup` stays ignored.
    public static func answer() {
        for number in [SIGINT, SIGTERM, SIGHUP] {
            var old = sigaction()
            sigaction(number, nil, &old)
            let ignored = unsafeBitCast(old.__sigaction_handler.sa_handler, to: Int.self) == 1
            if number == SIGHUP && ignored { continue }
            Glibc.signal(number) { _exit(128 + $0) }
        }
    }
}
