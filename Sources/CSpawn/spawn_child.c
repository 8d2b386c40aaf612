/*
 * Between the fork and the new program a child may do nothing but system calls: it shares the memory of a process whose
 * other threads go on. Swift promises no such thing, and posix_spawn changes neither the account nor what a parent's death
 * does. The C library's setresuid would change the threads of the parent too, so the kernel is asked directly.
 */
#define _GNU_SOURCE
#include "spawn_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int set_account(const struct child_account *account)
{
    if (syscall(SYS_setgroups, account->group_count, account->groups) != 0
        || syscall(SYS_setresgid, account->group, account->group, account->group) != 0
        || syscall(SYS_setresuid, account->user, account->user, account->user) != 0)
        return errno;
    return 0;
}

static void close_all(unsigned int first, unsigned int last)
{
    if (first > last || syscall(SYS_close_range, first, last, 0) == 0)
        return;
    long most = sysconf(_SC_OPEN_MAX);
    for (long number = first; number <= last && number < most && number < 1 << 20; number++)
        close((int)number);
}

/* Whoever started the tool may have left descriptors open. */
static int keep_handed(const struct child_program *child, const int *above, unsigned int first)
{
    for (size_t place = 0; place < child->handed_count; place++)
        if (dup2(above[place], first_handed + (int)place) < 0)
            return errno;
    if (child->handed_count > 0) {
        close_all(first, first_handed - 1);
        first = first_handed + (unsigned int)child->handed_count;
    }
    close_all(first, ~0U);
    return 0;
}

/* What tells the parent of a failure stays open, as number 3, until the new program is there. */
static int set_streams(const struct child_program *child, int *report)
{
    int given[3] = {child->input, child->output, child->errors};
    int high[3], above[most_handed];

    if (child->handed_count > most_handed)
        return EMFILE;
    /* Out of the way of the numbers they get. */
    for (size_t place = 0; place < child->handed_count; place++) {
        above[place] = fcntl(child->handed[place], F_DUPFD_CLOEXEC, first_handed + most_handed);
        if (above[place] < 0)
            return errno;
    }
    if (given[0] < 0)
        given[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
    for (int stream = 0; stream < 3; stream++) {
        high[stream] = fcntl(given[stream], F_DUPFD_CLOEXEC, 3);
        if (high[stream] < 0)
            return errno;
    }
    for (int stream = 0; stream < 3; stream++)
        if (dup2(high[stream], stream) < 0)
            return errno;
    unsigned int first = 3;
    if (report) {
        if (*report != 3 && dup3(*report, 3, O_CLOEXEC) < 0)
            return errno;
        *report = 3;
        first = 4;
    }
    return keep_handed(child, above, first);
}

static int set_signals(void)
{
    /* As the kernel has them: handler, flags, restorer, mask. The C library would leave out its own two signals. */
    const unsigned long standard[4] = {0}, none = 0;

    for (int number = 1; number <= 64; number++)
        syscall(SYS_rt_sigaction, number, standard, NULL, sizeof none);
    return syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof none) == 0 ? 0 : errno;
}

static int run(const struct child_program *child, pid_t parent, int *report)
{
    int failure;

    /* Without the caller's terminal, into which a program could type. */
    if (!child->keeps_terminal && setsid() < 0)
        return errno;
    if (child->mark) {
        const struct rlimit limit = {child->mark, child->mark};
        /* An administrator's lower limit stays. */
        setrlimit(RLIMIT_RTTIME, &limit);
    }
    if (child->most_written) {
        const struct rlimit limit = {child->most_written, child->most_written};
        /* An administrator's lower limit stays. */
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    if ((failure = set_streams(child, report)) != 0)
        return failure;
    if (child->directory && chdir(child->directory) != 0)
        return errno;
    if (child->account) {
        if ((failure = set_account(child->account)) != 0)
            return failure;
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
            return errno;
    }
    if (child->dies_with_parent) {
        /* Another account would forget it. */
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
            return errno;
        if (getppid() != parent)
            return ESRCH;
    }
    if ((failure = set_signals()) != 0)
        return failure;
    execve(child->program, child->arguments, child->variables);
    return errno;
}

static void reap(pid_t pid)
{
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
}

/* With a memory of its own, so that the parent goes on while it waits to be let go. */
static pid_t spawn_held(const struct child_program *child)
{
    int hold[2], reports[2], failure = 0;
    char word = 0;
    sigset_t all, before;
    pid_t parent = getpid();

    if (pipe2(hold, O_CLOEXEC) != 0)
        return -errno;
    if (pipe2(reports, O_CLOEXEC) != 0) {
        failure = errno;
        close(hold[0]);
        close(hold[1]);
        return -failure;
    }
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t pid = fork();
    if (pid == 0) {
        close(hold[1]);
        /* The parent's end is its refusal too. */
        if (read(hold[0], &word, 1) != 1)
            _exit(127);
        failure = run(child, parent, &reports[1]);
        if (write(reports[1], &failure, sizeof failure) < 0)
            _exit(126);
        _exit(127);
    }
    if (pid < 0)
        failure = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(hold[0]);
    close(reports[1]);
    if (pid > 0) {
        failure = child->place(pid, child->context);
        if (failure == 0) {
            ssize_t count;
            if (write(hold[1], &word, 1) != 1)
                failure = EPIPE;
            while ((count = read(reports[0], &failure, sizeof failure)) < 0 && errno == EINTR)
                ;
        }
    }
    close(hold[1]);
    close(reports[0]);
    if (failure == 0)
        return pid;
    if (pid > 0) {
        /* Another thread's child may hold a copy of the pipe this one waits at. */
        kill(pid, SIGKILL);
        reap(pid);
    }
    return -failure;
}

pid_t spawn_child(const struct child_program *child)
{
    if (child->place)
        return spawn_held(child);
    volatile int failure = 0;
    sigset_t all, before;
    pid_t parent = getpid();

    /* A signal would be handled in the memory of both. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t pid = vfork();
    if (pid == 0) {
        failure = run(child, parent, NULL);
        _exit(127);
    }
    if (pid < 0)
        failure = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failure == 0)
        return pid;
    if (pid > 0)
        reap(pid);
    return -failure;
}

void carry_mark(unsigned long long mark)
{
    const struct rlimit limit = {mark, mark};
    /* An administrator's lower limit stays, and counts as a mark too. */
    setrlimit(RLIMIT_RTTIME, &limit);
}

int become_account(const struct child_account *account)
{
    int failure = set_account(account);
    if (failure == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        failure = errno;
    return failure;
}

int open_process(pid_t process)
{
    int opened = (int)syscall(SYS_pidfd_open, process, 0);
    return opened < 0 ? -errno : opened;
}

int copy_descriptor(int process, int number)
{
    int copy = (int)syscall(SYS_pidfd_getfd, process, number, 0);
    return copy < 0 ? -errno : copy;
}

int get_processors(pid_t process, unsigned char *bits, size_t size)
{
    int count = (int)syscall(SYS_sched_getaffinity, process, size, bits);
    return count < 0 ? -errno : count;
}

int set_processors(pid_t process, const unsigned char *bits, size_t size)
{
    return syscall(SYS_sched_setaffinity, process, size, bits) < 0 ? -errno : 0;
}
