extension CommandResult {
    /// What to do where the container engine failed with it.
    var engineRemedy: String {
        errors.holds("no space left on device") || output.holds("no space left on device")
            ? "make room on the engine's disk, where docker system df shows what lies; then run the same command again"
            : "fix the cause, then run the same command again"
    }
}
