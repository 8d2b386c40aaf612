extension Ports {
    /// How a container ended last; nil where nobody knows.
    func ending(of state: ContainerState) -> ProcessEnding? {
        let ending = state.ending ?? engine.lastEnding(of: state.id, before: clock.now())
        return ending == .signal(9) && lackedMemory(state) ? .memory : ending
    }

    /// Whether something of it was killed for want of memory.
    ///
    /// Engines miss that where the end comes at once; the kernel does not.
    func lackedMemory(_ state: ContainerState) -> Bool {
        state.outOfMemory == true || groups.lackedMemory(container: state.id)
    }
}
