/* The C library looks at many bytes at once, in builds without optimisation too; it declares memmem for those who ask. */
#define _GNU_SOURCE
#include "find_bytes.h"

#include <string.h>

ptrdiff_t find_bytes(const void *bytes, size_t count, const void *text, size_t length)
{
    const char *hit = memmem(bytes, count, text, length);
    return hit ? hit - (const char *)bytes : -1;
}

size_t count_byte(const void *bytes, size_t count, unsigned char wanted)
{
    const char *next = bytes, *end = next + count;
    size_t found = 0;
    while (next < end && (next = memchr(next, wanted, (size_t)(end - next)))) {
        found++;
        next++;
    }
    return found;
}
