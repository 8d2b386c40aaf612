/// The tool's own schema: the SQL files of this folder, embedded in the binary, in order.
public enum StateSchema {
    /// Migration n (counted from 1) brings the state from version n - 1 to version n.
    public static let migrations: [[UInt8]] = [
        PackageResources.V0001_state_sql, PackageResources.V0002_promotion_sql,
        PackageResources.V0003_pins_sql, PackageResources.V0004_proofs_sql,
        PackageResources.V0005_tries_sql, PackageResources.V0006_wishes_sql,
        PackageResources.V0007_who_sql, PackageResources.V0008_audit_sql,
        PackageResources.V0009_log_anchors_sql, PackageResources.V0010_schedules_sql,
        PackageResources.V0011_told_sql, PackageResources.V0012_features_sql,
        PackageResources.V0013_rebuilt_sql,
    ]
}
