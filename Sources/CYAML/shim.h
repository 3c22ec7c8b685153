/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AETHERIUS_CYAML_SHIM_H
#define AETHERIUS_CYAML_SHIM_H
#include <yaml.h>
#endif
