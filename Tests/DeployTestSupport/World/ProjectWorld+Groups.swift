import Foundation

@testable import DeployCore

extension ProjectWorld {
    /// Takes away the control groups of what was killed here.
    func removeGroups() {
        let files = FileManager.default
        let kept = (try? files.contentsOfDirectory(atPath: "\(project)/.deployctl")) ?? []
        let places = kept.map { "." + SHA256.hexadecimal(of: "\(project)/.deployctl/\($0)").prefix(8) }
        for tree in (try? files.contentsOfDirectory(atPath: "/sys/fs/cgroup")) ?? [] {
            for root in ["deployctl", "deployctl_yields"].map({ "/sys/fs/cgroup/\(tree)/\($0)" }) {
                let outers = (try? files.contentsOfDirectory(atPath: root)) ?? []
                for outer in outers where places.contains(where: outer.hasSuffix) {
                    let place = "\(root)/\(outer)"
                    for name in (try? files.contentsOfDirectory(atPath: place)) ?? [] {
                        rmdir("\(place)/\(name)")
                    }
                    rmdir(place)
                }
            }
        }
    }
}
