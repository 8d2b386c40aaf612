#include "build_commit.h"

/* A section of its own, so that the finished program can be told its commit without being compiled again. */
__attribute__((section(".commit"), used)) static const volatile char commit[40] = {
    '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0',
    '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0',
};

void build_commit(char digits[41])
{
    for (int index = 0; index < 40; index++) digits[index] = commit[index];
    digits[40] = 0;
}
