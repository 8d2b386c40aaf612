#ifndef DEPLOYCTL_DROP_HEAD_H
#define DEPLOYCTL_DROP_HEAD_H

#include <sys/types.h>

/* Takes the first bytes off an open file, whole blocks of its file system; 0, or an error number. */
int drop_head(int file, off_t bytes);

#endif
