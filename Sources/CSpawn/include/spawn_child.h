#ifndef DEPLOYCTL_SPAWN_CHILD_H
#define DEPLOYCTL_SPAWN_CHILD_H

#include <stddef.h>
#include <sys/types.h>

/* Whom a child becomes before it runs anything. */
struct child_account {
    uid_t user;
    gid_t group;
    const gid_t *groups;
    size_t group_count;
};

/* The number of the first descriptor that is handed on, and how many there may be. */
enum { first_handed = 10, most_handed = 64 };

struct child_program {
    const char *program;
    char *const *arguments;
    char *const *variables;
    /* NULL: the caller's. */
    const char *directory;
    /* -1: /dev/null. */
    int input;
    int output;
    int errors;
    /* Handed on under the numbers from first_handed on, in this order. */
    const int *handed;
    size_t handed_count;
    /* The most real-time work, in microseconds, of the child and all it starts, without a way back; 0: the caller's. */
    unsigned long long mark;
    /* The most bytes of each file that it writes, beyond which it is ended; 0: the caller's. */
    unsigned long long most_written;
    /* Killed when the thread that started it ends. */
    int dies_with_parent;
    /* Stays in the caller's session and group, whose terminal it may read and set. */
    int keeps_terminal;
    /* NULL: the caller's. */
    const struct child_account *account;
    /* Called with the child's number before the child does anything; what is not 0 ends it. NULL: not called. */
    int (*place)(pid_t child, void *context);
    void *context;
};

/* The child's number, or an error number below zero: then there is none. */
pid_t spawn_child(const struct child_program *child);

/* Marks this very process and all it starts, as a child is marked. */
void carry_mark(unsigned long long mark);

/* Makes this very process the account's, without a way back; an error number, or 0. */
int become_account(const struct child_account *account);

/* By what the descriptors of a process are asked for, to be closed by the caller; an error number below zero. */
int open_process(pid_t process);

/* A copy of the descriptor that has this number there, inherited by no child; an error number below zero. */
int copy_descriptor(int process, int number);

/* The processors that a process may run on, a bit for each; how many bytes there are, or an error number below zero. */
int get_processors(pid_t process, unsigned char *bits, size_t size);

/* Keeps a process and what it starts on these; an error number below zero. */
int set_processors(pid_t process, const unsigned char *bits, size_t size);

#endif
