// SPDX-License-Identifier: Apache-2.0
// Lets ThreadSanitizer see how Swift's Mutex hands over from one thread to another.
//
// On Linux a Mutex is one word with the id of the thread that holds it. Taking a free one, and giving it back while
// nobody waits, is an atomic exchange that the compiler puts into the calling code, so the sanitizer sees it. A thread
// that has to wait calls a function of libswiftSynchronization, where the kernel hands the word over
// (FUTEX_LOCK_PI): of that the sanitizer sees nothing, and takes all that the two threads did under the lock for a race.
//
// Linked into an instrumented program, this takes the place of that function. It waits by trying the same exchange
// again, where the sanitizer sees it. Nobody waits in the kernel then, so giving back is always the plain exchange too.
// The lock excludes as before; only waiting is less polite, which does not matter here.

//
// Trying to take a lock that is held asks the kernel as well (FUTEX_TRYLOCK_PI), which may hand it over. Here it just
// is not to be had.

#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define SWIFT_LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define SWIFT_TRY_LOCK_SLOW "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"

__attribute__((swiftcall)) void lock_slow(uint32_t thread, __attribute__((swift_context)) _Atomic(uint32_t) *owner)
    __asm__(SWIFT_LOCK_SLOW);

__attribute__((swiftcall)) void lock_slow(uint32_t thread, __attribute__((swift_context)) _Atomic(uint32_t) *owner) {
  for (;;) {
    uint32_t found = 0;
    if (__c11_atomic_compare_exchange_strong(owner, &found, thread, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) return;
    // A thread that already holds it would wait for ever; the kernel refuses that.
    if (found == thread) abort();
    sched_yield();
  }
}

__attribute__((swiftcall)) bool try_lock_slow(__attribute__((swift_context)) _Atomic(uint32_t) *owner)
    __asm__(SWIFT_TRY_LOCK_SLOW);

__attribute__((swiftcall)) bool try_lock_slow(__attribute__((swift_context)) _Atomic(uint32_t) *owner) {
  (void)owner;
  return false;
}
