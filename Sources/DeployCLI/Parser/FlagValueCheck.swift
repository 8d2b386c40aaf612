import DeployCore

/// Checks a flag's value as far as it can be without looking anything up.
struct FlagValueCheck {
    let flag: Flag
    let text: String
    let verb: Verb?

    func check(_ value: String) throws(DeployError) {
        switch flag.value {
        case .count:
            guard let number = Int(value), number >= 1 else {
                throw refusal(value, "a whole number from 1 is expected")
            }
        case .optionalSeconds:
            guard value.isEmpty || value.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }),
                value.isEmpty || Double(value) != nil
            else { throw refusal(value, "a number of seconds is expected") }
        case .choice(let choices):
            guard choices.contains(value) else {
                throw refusal(value, "it is one of \(choices.joined(separator: ", "))")
            }
        default: break
        }
    }

    private func refusal(_ value: String, _ why: String) -> DeployError {
        .usage("\(text) cannot be '\(value)'", why: why, verb: verb)
    }
}
