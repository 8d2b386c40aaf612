/* The C library declares fallocate for those who ask for more than POSIX, which Swift's import of it does not. */
#define _GNU_SOURCE
#include "drop_head.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>

int drop_head(int file, off_t bytes)
{
    return fallocate(file, FALLOC_FL_COLLAPSE_RANGE, 0, bytes) == 0 ? 0 : errno;
}
