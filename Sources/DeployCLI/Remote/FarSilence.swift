import DeployCore

/// Why ssh did not get through, by its own words, and what helps.
struct FarSilence {
    let address: FarAddress
    /// Where the host was named, as part of a sentence.
    let source: String

    func error(_ result: CommandResult) -> DeployError {
        let (what, next) = verdict(result.errors)
        return DeployError(
            .stepFailed, what: what, why: "ssh \(result.explanation)\nnothing was changed there", next: next)
    }

    private func verdict(_ words: String) -> (what: String, next: String) {
        let host = address.target
        let meet = "ssh \(host) true"
        if words.holds("Could not resolve hostname") {
            return (
                "ssh finds no machine of the name \(host)",
                "correct \(source), or bring this machine online; ssh -G \(host) shows which name is asked for"
            )
        }
        if words.holds("REMOTE HOST IDENTIFICATION HAS CHANGED") {
            return (
                "\(host) is not the machine it was: its host key has changed",
                "ask whoever runs it whether its key was made anew, and type nothing to it before; if so: remove the line that ssh names, then \(meet)"
            )
        }
        if words.holds("Host key verification failed") {
            return (
                "ssh does not know \(host) yet",
                "\(meet), and say yes only where its fingerprint is the one that whoever runs it has told you"
            )
        }
        if words.holds("Permission denied") {
            return (
                "\(host) lets nobody in with the keys that ssh has here",
                "a key with a passphrase has to be in the agent first: ssh-add (ssh-add -X where that is locked); ssh -v \(host) true shows which keys were tried"
            )
        }
        return ("\(host) cannot be reached", meet)
    }
}
