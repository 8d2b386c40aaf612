/// Gives the restored folders the live names; what was there waits beside them.
public struct SwapFolders: StepWork {
    public static let id = "swap-folders"
    public var folders: [String]
    public var deployment: Timestamp

    public init(folders: [String], deployment: Timestamp) {
        self.folders = folders
        self.deployment = deployment
    }

    public var title: String { "Swap in the restored \(folders.listed)" }

    public func perform(in context: StepContext) throws(DeployError) -> String {
        var swapped: [String] = []
        for folder in replaced(in: context) {
            if try !folder.isSwapped() { try folder.swap() }
            swapped.append(folder.name)
        }
        return swapped.isEmpty
            ? "the backup holds no folder" : "\(swapped.listed) as in the backup"
    }

    public func undo(in context: StepContext) throws(DeployError) {
        for folder in replaced(in: context) where try folder.isSwapped() { try folder.swap() }
    }

    private func replaced(in context: StepContext) -> [SharedFolder] {
        context.sharedFolders(folders, by: deployment).filter(\.isReplaced)
    }
}
