import DeployCore
import Glibc

/// How many files this process and what it starts may have open at once.
public enum DescriptorRoom {
    /// Programs, pipes and the state need some dozens at most.
    private static let enough: rlim_t = 256
    private static let least: rlim_t = 64

    /// Takes what the account may have where less than enough was given.
    ///
    /// - Throws: `.stepFailed` where that does not do: programs that cannot be started look like databases that refuse.
    public static func take() throws(DeployError) {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < enough
        else {
            return
        }
        limit.rlim_cur = min(limit.rlim_max, enough)
        guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur >= least
        else {
            throw DeployError(
                .stepFailed, what: "Too few files may be open at once",
                why: "the limit is \(limit.rlim_max), and deployctl needs \(least); nothing was changed",
                next:
                    "raise it for this account (nofile in /etc/security/limits.conf, LimitNOFILE= of a unit), "
                    + "log in again and run the same command again")
        }
    }
}
