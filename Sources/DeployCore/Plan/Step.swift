/// One visible unit of work in a plan.
///
/// Steps are values. Printing a plan, storing it before work starts, resuming it after a crash
/// and drawing progress all read the same list; the enum makes a forgotten case a compile error.
enum Step: Hashable, Codable, Sendable {
    case buildRelease(BuildRelease)
    case copyRelease(CopyRelease)
    case checkRelease(CheckRelease)
    case startData(StartData)
    case stopData(StopData)
    case prepareData(PrepareData)
    case backUp(BackUp)
    case proveBackup(ProveBackup)
    case copyBackup(CopyBackup)
    case rehearseMigrations(RehearseMigrations)
    case restoreBackup(RestoreBackup)
    case restoreAside(RestoreAside)
    case copyLiveData(CopyLiveData)
    case endRehearsal(EndRehearsal)
    case createDatabase(CreateDatabase)
    case fillDatabase(FillDatabase)
    case restoreSource(RestoreSource)
    case maskData(MaskData)
    case proveMasking(ProveMasking)
    case bringMaskedData(BringMaskedData)
    case copyDatabase(CopyDatabase)
    case swapDatabase(SwapDatabase)
    case swapFolders(SwapFolders)
    case migrate(Migrate)
    case runReleaseCommands(RunReleaseCommands)
    case obtainCertificate(ObtainCertificate)
    case openEdge(OpenEdge)
    case closeEdge(CloseEdge)
    case startInstance(StartInstance)
    case checkHealth(CheckHealth)
    case holdWrites(HoldWrites)
    case cutOver(CutOver)
    case verifyFrontDoor(VerifyFrontDoor)
    case watch(Watch)
    case stopInstance(StopInstance)
    case startService(StartService)
    case stopService(StopService)
    case keepRetiredData(KeepRetiredData)
    case tagSource(TagSource)
    case vetoRelease(VetoRelease)
    case setFeature(SetFeature)
    case prune(Prune)
    case runHook(RunHook)

    /// The one place that maps a case to its behaviour.
    var work: any StepWork {
        switch self {
        case .buildRelease(let work): work
        case .copyRelease(let work): work
        case .checkRelease(let work): work
        case .startData(let work): work
        case .stopData(let work): work
        case .prepareData(let work): work
        case .backUp(let work): work
        case .proveBackup(let work): work
        case .copyBackup(let work): work
        case .rehearseMigrations(let work): work
        case .restoreBackup(let work): work
        case .restoreAside(let work): work
        case .copyLiveData(let work): work
        case .endRehearsal(let work): work
        case .createDatabase(let work): work
        case .fillDatabase(let work): work
        case .restoreSource(let work): work
        case .maskData(let work): work
        case .proveMasking(let work): work
        case .bringMaskedData(let work): work
        case .copyDatabase(let work): work
        case .swapDatabase(let work): work
        case .swapFolders(let work): work
        case .migrate(let work): work
        case .runReleaseCommands(let work): work
        case .obtainCertificate(let work): work
        case .openEdge(let work): work
        case .closeEdge(let work): work
        case .startInstance(let work): work
        case .checkHealth(let work): work
        case .holdWrites(let work): work
        case .cutOver(let work): work
        case .verifyFrontDoor(let work): work
        case .watch(let work): work
        case .stopInstance(let work): work
        case .startService(let work): work
        case .stopService(let work): work
        case .keepRetiredData(let work): work
        case .tagSource(let work): work
        case .vetoRelease(let work): work
        case .setFeature(let work): work
        case .prune(let work): work
        case .runHook(let work): work
        }
    }
}
