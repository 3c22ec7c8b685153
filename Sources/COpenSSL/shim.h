/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AETHERIUS_COPENSSL_SHIM_H
#define AETHERIUS_COPENSSL_SHIM_H
#include <openssl/evp.h>
#include <openssl/rand.h>
#endif
