import DeployCore
import Glibc

/// Brings a child that waits to its group, and keeps why it could not.
final class Placement {
    private let group: ResourceGroup
    private(set) var refusal: String?

    init(_ group: ResourceGroup) { self.group = group }

    static let call: @convention(c) (pid_t, UnsafeMutableRawPointer?) -> Int32 = { child, context in
        guard let context else { return EINVAL }
        let placement = Unmanaged<Placement>.fromOpaque(context).takeUnretainedValue()
        placement.refusal = LinuxResourceGroups().place(child, in: placement.group)
        return placement.refusal == nil ? 0 : EPERM
    }
}
