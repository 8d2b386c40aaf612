/// Whose word a change needs before it is carried out.
enum Consent {
    /// A person's, to the plan as they were shown it.
    case asked(ConfirmationQuestion)
    /// The definition's own: nobody looks before, and that is stored with the plan.
    case automatic
    case none
}
