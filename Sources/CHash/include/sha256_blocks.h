#ifndef DEPLOYCTL_SHA256_BLOCKS_H
#define DEPLOYCTL_SHA256_BLOCKS_H

#include <stddef.h>
#include <stdint.h>

/* Whether this processor has instructions for SHA-256. */
int sha256_by_processor(void);

/* Takes whole blocks of 64 bytes into the state; only where the processor can. */
void sha256_blocks(uint32_t state[8], const void *blocks, size_t count);

#endif
