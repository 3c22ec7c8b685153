/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AETHERIUS_COPENSSL_SHIM_H
#define AETHERIUS_COPENSSL_SHIM_H
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#endif
