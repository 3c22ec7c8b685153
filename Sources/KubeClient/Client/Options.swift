// SPDX-License-Identifier: Apache-2.0

/// Which objects to list, and how fresh they have to be.
public struct ListOptions: Sendable, Hashable {
    /// How the server may satisfy `resourceVersion`.
    public enum ResourceVersionMatch: String, Sendable, Hashable {
        /// Data at least as new.
        case notOlderThan = "NotOlderThan"
        /// Data at exactly that version.
        case exact = "Exact"
    }

    /// Only objects with these labels, in the selector syntax, such as `app=web,tier!=cache`.
    public var labelSelector: String?
    /// Only objects with these field values, such as `involvedObject.name=web`.
    public var fieldSelector: String?
    /// nil for the newest data, `"0"` for whatever the server has in its cache, else at least that version.
    public var resourceVersion: String?
    /// How the server may satisfy `resourceVersion`.
    public var resourceVersionMatch: ResourceVersionMatch?
    /// The most objects on one page; nil for all at once.
    public var limit: Int?
    /// Where the page starts, from the page before.
    public var continueToken: String?

    /// Creates options; the default lists everything, newest data, in one page.
    public init(
        labelSelector: String? = nil,
        fieldSelector: String? = nil,
        resourceVersion: String? = nil,
        resourceVersionMatch: ResourceVersionMatch? = nil,
        limit: Int? = nil,
        continueToken: String? = nil
    ) {
        self.labelSelector = labelSelector
        self.fieldSelector = fieldSelector
        self.resourceVersion = resourceVersion
        self.resourceVersionMatch = resourceVersionMatch
        self.limit = limit
        self.continueToken = continueToken
    }
}

/// Which changes to watch, and from where.
public struct WatchOptions: Sendable, Hashable {
    /// Only objects with these labels.
    public var labelSelector: String?
    /// Only objects with these field values.
    public var fieldSelector: String?
    /// The version after which changes are wanted: that of the list, or of the last event.
    public var resourceVersion: String?
    /// Whether the server should say from time to time how far the watch has come.
    public var allowsBookmarks: Bool
    /// Whether the stream should begin with the present objects (a streaming list, KEP-3157).
    public var sendsInitialEvents: Bool
    /// After how many seconds the server should end the stream.
    public var timeoutSeconds: Int

    /// Creates options.
    public init(
        labelSelector: String? = nil,
        fieldSelector: String? = nil,
        resourceVersion: String? = nil,
        allowsBookmarks: Bool = true,
        sendsInitialEvents: Bool = false,
        timeoutSeconds: Int = 300
    ) {
        self.labelSelector = labelSelector
        self.fieldSelector = fieldSelector
        self.resourceVersion = resourceVersion
        self.allowsBookmarks = allowsBookmarks
        self.sendsInitialEvents = sendsInitialEvents
        self.timeoutSeconds = timeoutSeconds
    }
}

/// How an object is deleted.
public struct DeleteOptions: Sendable, Hashable {
    /// What happens to the objects that belong to the deleted one.
    public enum Propagation: String, Sendable, Hashable {
        /// They are deleted afterwards.
        case background = "Background"
        /// They are deleted first.
        case foreground = "Foreground"
        /// They stay.
        case orphan = "Orphan"
    }

    /// What happens to the objects that belong to the deleted one; nil for the kind's default.
    public var propagation: Propagation?
    /// Delete only the object with this identity; another one of that name gives a conflict.
    public var uid: String?
    /// Delete only this version of the object.
    public var resourceVersion: String?
    /// How many seconds a pod may take to end; nil for its own setting.
    public var gracePeriodSeconds: Int?
    /// Whether the server only says whether it would do it.
    public var dryRun: Bool

    /// Creates options.
    public init(
        propagation: Propagation? = nil,
        uid: String? = nil,
        resourceVersion: String? = nil,
        gracePeriodSeconds: Int? = nil,
        dryRun: Bool = false
    ) {
        self.dryRun = dryRun
        self.propagation = propagation
        self.uid = uid
        self.resourceVersion = resourceVersion
        self.gracePeriodSeconds = gracePeriodSeconds
    }
}
