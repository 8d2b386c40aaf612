extension Environment {
    /// Packages of Debian's that the machine has to have besides those that follow from the rest.
    var packages: [String] {
        get { definedPackages ?? [] }
        set { definedPackages = newValue.isEmpty ? nil : newValue }
    }
}
