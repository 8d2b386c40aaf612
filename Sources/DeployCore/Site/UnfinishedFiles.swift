/// Files that processes which have gone made beside their place, and never moved there.
struct UnfinishedFiles {
    let ports: Ports

    /// Removes those that lie in a folder itself; a process that runs may still move its own.
    func remove(in folder: String) throws(DeployError) {
        for name in ports.files.names(in: folder) {
            guard let writer = PassingName.writer(of: name), ports.processes.identity(of: writer) == nil
            else { continue }
            try ports.files.remove("\(folder)/\(name)")
        }
    }
}
