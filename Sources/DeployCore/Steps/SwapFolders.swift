/// Gives the restored folders the live names; what was there waits beside them.
struct SwapFolders: StepWork {
    static let id = "swap-folders"
    var folders: [String]
    var deployment: Timestamp

    var title: String { "Swap in the restored \(folders.listed)" }

    func perform(in context: StepContext) throws(DeployError) -> String {
        var swapped: [String] = []
        for folder in replaced(in: context) {
            if try !folder.isSwapped() { try folder.swap() }
            swapped.append(folder.name)
        }
        return swapped.isEmpty
            ? "the backup holds no folder" : "\(swapped.listed) as in the backup"
    }

    func undo(in context: StepContext) throws(DeployError) {
        for folder in replaced(in: context) where try folder.isSwapped() { try folder.swap() }
    }

    private func replaced(in context: StepContext) -> [SharedFolder] {
        context.sharedFolders(folders, by: deployment).filter(\.isReplaced)
    }
}
