/* The C library looks at many bytes at once, in builds without optimisation too; it declares memmem for those who ask. */
#define _GNU_SOURCE
#include "find_bytes.h"

#include <string.h>

/* How seldom a byte stands in text, by its kind; the larger the rarer. */
static int rarity(unsigned char byte)
{
    if (byte >= 'a' && byte <= 'z')
        return strchr("etaoinsrhldc", byte) ? 0 : strchr("jkqvwxyz", byte) ? 3 : 1;
    if (byte == ' ' || byte == '\n' || (byte >= '0' && byte <= '9'))
        return 0;
    if (byte >= 'A' && byte <= 'Z')
        return strchr("JKQVXYZ", byte) ? 5 : 4;
    return byte > ' ' && byte < 0x7f ? 2 : 6;
}

/* Looks for the rarest byte, which is faster than looking for all; where that stands often after all, for all. */
ptrdiff_t find_bytes(const void *bytes, size_t count, const void *text, size_t length)
{
    const char *begin = bytes, *wanted = text;
    if (length == 0)
        return 0;
    if (count < length)
        return -1;
    size_t at = 0;
    for (size_t i = 1; i < length; i++)
        if (rarity((unsigned char)wanted[i]) > rarity((unsigned char)wanted[at]))
            at = i;
    const char *next = begin + at, *end = begin + count - (length - 1 - at);
    size_t misses = 0;
    while (next < end && (next = memchr(next, wanted[at], (size_t)(end - next)))) {
        const char *candidate = next - at;
        if (memcmp(candidate, wanted, length) == 0)
            return candidate - begin;
        next++;
        if (++misses > 16 + (size_t)(next - begin) / 128) {
            const char *hit = memmem(candidate + 1, count - (size_t)(candidate + 1 - begin), wanted, length);
            return hit ? hit - begin : -1;
        }
    }
    return -1;
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
