// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient

/// Lists in pages.
extension ReflectorStateMachine {
    mutating func list() -> Step {
        // The newest data is the only one that servers page without asking for exactly that old version.
        if configuration.alwaysPages { return list(from: "", isFallback: false) }
        // "0" lets the server answer from its cache. Later lists must not fall behind what is already known.
        return list(from: isVersionUnavailable ? "" : resourceVersion ?? "0", isFallback: false)
    }

    private mutating func list(from version: String, isFallback: Bool) -> Step {
        // A limit makes older servers bypass their cache, so it is left out where the cache can answer.
        let limited = version.isEmpty || version == "0" || alwaysPages
        let limit = limited ? configuration.pageSize : nil
        return begin(Listing(resourceVersion: version, limit: limit, isFallback: isFallback))
    }

    private mutating func begin(_ listing: Listing) -> Step {
        state = .listing(listing)
        return .list(options(for: listing), isFirstPage: true)
    }

    private func options(for listing: Listing, continueToken: String? = nil) -> ListOptions {
        // A later page belongs to the version of the first; asking for one again is an error.
        let version = continueToken == nil && !listing.resourceVersion.isEmpty ? listing.resourceVersion : nil
        return ListOptions(
            labelSelector: configuration.labelSelector,
            fieldSelector: configuration.fieldSelector,
            resourceVersion: version,
            limit: listing.limit,
            continueToken: continueToken
        )
    }

    /// A page has come.
    mutating func listed(_ page: ListMeta) -> Step {
        guard case .listing(var listing) = state else { preconditionFailure("a page came without a list") }
        listing.pages += 1
        if let token = page.continueToken, !token.isEmpty {
            state = .listing(listing)
            return .list(options(for: listing, continueToken: token), isFirstPage: false)
        }
        if listing.resourceVersion == "0", listing.pages > 1 { alwaysPages = true }
        let version = page.resourceVersion ?? ""
        resourceVersion = version
        isVersionUnavailable = false
        return .replace(resourceVersion: version, watch: watchOptions())
    }

    /// A page has not come.
    mutating func listFailed(_ error: KubeError, now: AnyClock.Instant) -> Step {
        guard case .listing(let listing) = state else { preconditionFailure("a failure came without a list") }
        if error.code == .expired, listing.pages > 0 {
            // The list took longer than the server remembers the first page's version: all at once, then.
            cause = .listFailed
            return begin(Listing(resourceVersion: listing.resourceVersion, isFallback: listing.isFallback))
        }
        if error.code == .expired || error.code == .resourceVersionTooLarge {
            isVersionUnavailable = true
            cause = .expired
            if !listing.isFallback { return list(from: "", isFallback: true) }
        }
        // A version that is no version, from a list or a bookmark that was wrong, is refused for ever: with a 400 or,
        // where the server answers from its cache, with a 500.
        if error.code == .badRequest || error.code == .internalError { isVersionUnavailable = true }
        cause = .listFailed
        return wait(for: .start, because: error, now: now)
    }
}
