#ifndef DEPLOYCTL_BUILD_COMMIT_H
#define DEPLOYCTL_BUILD_COMMIT_H

/* The forty hexadecimal digits of the commit that this program was built from, or zeros where nobody wrote them. */
void build_commit(char digits[41]);

#endif
