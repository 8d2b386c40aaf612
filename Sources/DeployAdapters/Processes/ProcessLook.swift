import Glibc

/// What a call or two tell of a process.
struct ProcessLook {
    let pid: Int32
    /// 0 for the kernel's own threads; negative where it is gone.
    let session: Int32
    /// nil where the kernel does not say.
    let limit: InheritedMark.Limit?
}

/// Looks at processes one after the other, most of which are somebody else's.
///
/// Nobody joins a session but by birth: where its leader carries no mark nobody in it does.
final class ProcessLooks {
    /// Sessions by whether their leader is there and descends from no service.
    private var unmarked: [Int32: Bool] = [:]
    /// The last of those, for processes of one session are often beside each other.
    private var last: Int32 = 0

    func look(at pid: Int32) -> ProcessLook {
        let session = getsid(pid)
        let limit = isUnmarked(session) ? InheritedMark.machine : InheritedMark.asked(of: pid)
        return ProcessLook(pid: pid, session: session, limit: limit)
    }

    private func isUnmarked(_ session: Int32) -> Bool {
        guard session > 0 else { return false }
        if session == last { return true }
        if let known = unmarked[session] { return known }
        let found = InheritedMark.isKnownToDescendFromNone(session)
        unmarked[session] = found
        if found { last = session }
        return found
    }
}
