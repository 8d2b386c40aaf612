import DeployCore

/// Gives each operand its place.
struct OperandBinder {
    let verb: Verb
    let environmentByFlag: Bool
    /// How many words stand before `--`; nil where none does, and all may follow it.
    var beforeDashes: Int?

    func bind(_ words: [String]) throws(DeployError) -> [Operand.Kind: [String]] {
        var bound: [Operand.Kind: [String]] = [:]
        var rest = words[...]
        let hasProgram = verb.operands.contains { $0.kind == .program }
        for (place, operand) in verb.operands.enumerated()
        where !(operand.kind == .environment && environmentByFlag) {
            let needed = verb.operands.dropFirst(place + 1).filter { $0.arity == .required }.count
            if operand.arity == .optional, needed > 0, rest.count <= needed { continue }
            if operand.arity == .repeating {
                bound[operand.kind] = Array(rest)
                rest = []
            } else if let beforeDashes, hasProgram, words.count - rest.count >= beforeDashes {
                throw .usage(
                    "\(verb.name) needs \(operand.name) before --", why: "usage: \(verb.usage)", verb: verb)
            } else if let word = rest.popFirst() {
                bound[operand.kind] = [try checked(word, operand)]
            } else if operand.arity == .required {
                throw .usage("\(verb.name) needs \(operand.name)", why: "usage: \(verb.usage)", verb: verb)
            }
        }
        if let word = rest.first {
            throw .usage("\(verb.name) has no use for '\(word)'", why: "usage: \(verb.usage)", verb: verb)
        }
        return bound
    }

    private func checked(_ word: String, _ operand: Operand) throws(DeployError) -> String {
        guard !word.isEmpty else {
            throw .usage("\(operand.name) is empty", why: "usage: \(verb.usage)", verb: verb)
        }
        return word
    }
}
