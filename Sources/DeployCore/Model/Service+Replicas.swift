extension Service {
    /// Its name in the definition, which its replicas have in common.
    public var definedName: String { replicaOf ?? name }

    /// Which of the replicas it is, from 1; nil where it runs once.
    var replica: Int? { replicaOf.flatMap { name.after("\($0).") }.flatMap { Int(String($0)) } }

    /// Itself where it runs once, else so many, each under a name of its own.
    func replicated(_ count: Int) -> [Service] {
        guard count > 1 else { return [self] }
        return (1...count).map { number in
            var one = self
            (one.name, one.replicaOf) = ("\(name).\(number)", name)
            return one
        }
    }
}

extension Environment {
    /// Services by what a person calls them: the name in the definition stands for all its replicas.
    public func services(called name: String) -> [Service] {
        services.filter { $0.name == name || $0.definedName == name }
    }

    /// How often each service of the definition runs, in its order.
    public var definedServices: [(service: Service, replicas: Int)] {
        services.reduce(into: []) { found, service in
            if let last = found.indices.last, found[last].service.definedName == service.definedName {
                found[last].replicas += 1
            } else {
                found.append((service, 1))
            }
        }
    }
}
