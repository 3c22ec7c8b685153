// SPDX-License-Identifier: Apache-2.0
// What whoever built the program said of the build; empty texts if nothing.

#ifndef AETHERIUS_CBUILD_H
#define AETHERIUS_CBUILD_H

const char *aetherius_build_commit(void);
const char *aetherius_build_date(void);

#endif
