/// Checks that lines of an environment's logs can be handed on to where its definition says.
struct LogTargetCheck {
    let site: Site

    /// nil where its definition says nothing of it.
    var finding: Finding? {
        guard let target = LogTarget(site.environment) else { return nil }
        let id = "\(site.environment.name) logs"
        let program = target.command("").program
        guard site.ports.files.kind(of: target.socket) != nil else {
            return Finding(
                id: id,
                verdict: .refused(
                    "nobody takes lines for \(target.name): there is no \(target.socket)",
                    next: target.start))
        }
        guard site.ports.commands.has(program) else {
            return Finding(
                id: id,
                verdict: .refused(
                    "\(program) is missing, needed to hand lines on to \(target.name)",
                    next: "apt-get install bsdutils"))
        }
        guard KeeperPresence(files: site.ports.files, project: site.layout.project).holder != nil else {
            return Finding(
                id: id,
                verdict: .warned(
                    "the keeper hands lines on to \(target.name), and nobody keeps this project",
                    next: "deployctl boot install"))
        }
        return Finding(id: id, verdict: .passed("handed on to \(target.name): \(target.question)"))
    }
}
