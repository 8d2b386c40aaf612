import DeployCore

/// Gives each operand its place.
struct OperandBinder {
    let verb: Verb
    let environmentByFlag: Bool

    func bind(_ words: [String]) throws(DeployError) -> [Operand.Kind: [String]] {
        var bound: [Operand.Kind: [String]] = [:]
        var rest = words[...]
        for operand in verb.operands where !(operand.kind == .environment && environmentByFlag) {
            if operand.arity == .repeating {
                bound[operand.kind] = Array(rest)
                rest = []
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
