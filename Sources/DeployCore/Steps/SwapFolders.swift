/// Gives the restored folders the live names; what was there waits beside them.
struct SwapFolders: StepWork {
    static let id = "swap-folders"
    var folders: [String]
    var deployment: Timestamp

    var title: String { "Swap in the restored \(folders.listed)" }

    func perform(in context: StepContext) throws(DeployError) -> String {
        try InstanceStopper(context: context).endDraining()
        var swapped: [String] = []
        for folder in replaced(in: context) {
            if try !folder.isSwapped() {
                try openToFront(folder, in: context)
                try folder.swap()
            }
            swapped.append(folder.name)
        }
        return swapped.isEmpty
            ? "the backup holds no folder" : "\(swapped.listed) as in the backup"
    }

    func undo(in context: StepContext) throws(DeployError) {
        for folder in replaced(in: context) where try folder.isSwapped() { try folder.swap() }
    }

    /// What serves now goes on to serve the live name.
    private func openToFront(_ folder: SharedFolder, in context: StepContext) throws(DeployError) {
        let places = StaticPlaces(
            release: context.layout.releases, sealed: Manifest(entries: []),
            shared: [folder.name: folder.beside], database: context.environment.database?.file)
        try AccountFolders(site: context.site).open(
            served: places.places(for: context.environment).filter { $0.root == folder.beside }.map(\.path))
    }

    private func replaced(in context: StepContext) -> [SharedFolder] {
        context.sharedFolders(folders, by: deployment).filter(\.isReplaced)
    }
}
