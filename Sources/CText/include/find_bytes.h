#ifndef DEPLOYCTL_FIND_BYTES_H
#define DEPLOYCTL_FIND_BYTES_H

#include <stddef.h>

/* Where a text first lies among bytes; -1 where it does not. An empty one lies at 0. */
ptrdiff_t find_bytes(const void *bytes, size_t count, const void *text, size_t length);

/* How often a byte lies among bytes. */
size_t count_byte(const void *bytes, size_t count, unsigned char wanted);

#endif
