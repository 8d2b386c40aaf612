extension Environment {
    /// The database that the first of several machines keeps, as this one's services reach it; nil where there is none.
    var keptElsewhere: Database? {
        get { definedElsewhere }
        set { definedElsewhere = newValue }
    }

    /// What services reach: the database that is kept from here, or the one that another machine keeps.
    var reachedDatabase: Database? { database ?? keptElsewhere }

    /// The live database of the machine that keeps it; nil where this one does, or there is none.
    var databaseElsewhere: DatabaseLocation? { keptElsewhere?.name.map(DatabaseLocation.init) }

    /// As one of several machines has it that is not the first: code alone, and the data where it is kept.
    ///
    /// What goes by the clock is the first's, so that it is done once.
    var besideTheFirst: Environment {
        var environment = self
        environment.keptElsewhere = database
        environment.keptElsewhere?.admin = nil
        environment.database = nil
        environment.migrations = nil
        environment.migrationLimit = nil
        environment.schedules = []
        return environment
    }
}
