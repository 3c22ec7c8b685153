// SPDX-License-Identifier: Apache-2.0
#include "CBuild.h"

#ifndef AETHERIUS_COMMIT
#define AETHERIUS_COMMIT ""
#endif
#ifndef AETHERIUS_BUILD_DATE
#define AETHERIUS_BUILD_DATE ""
#endif

const char *aetherius_build_commit(void) { return AETHERIUS_COMMIT; }
const char *aetherius_build_date(void) { return AETHERIUS_BUILD_DATE; }
