// SPDX-License-Identifier: Apache-2.0

/// Retries, limits and times of a client's connections.
///
/// The defaults suit an API server that is near as well as one that is far; `docs/client.md` lists them.
public struct TransportConfiguration: Sendable, Hashable {
    /// What is tried again, and how often.
    public var retries = RetryPolicy()
    /// The largest answer to a call, in bytes, after decompression.
    ///
    /// A larger one ends the call with ``KubeError/Code/tooLarge``. A list of 10,000 large objects on one page stays
    /// below the default of 512 MiB; where memory is scarce, set less and list in pages.
    public var maximumAnswerBytes = 512 << 20
    /// How many bytes of a watch, or of a log that is followed, may wait for their reader.
    ///
    /// libcurl cannot hold a server back on HTTP/2 without keeping tens of megabytes itself, so a reader that falls
    /// behind this far gets ``KubeError/Code/watchOverflow`` and has to list again.
    public var maximumBufferedBytes = 32 << 20
    /// The longest event of a watch, or line of a log that is followed, in bytes.
    ///
    /// A longer one ends the stream with ``KubeError/Code/tooLarge``. No object that etcd takes comes near the default
    /// of 16 MiB.
    public var maximumLineBytes = 16 << 20
    /// How long the server may take to accept a watch.
    ///
    /// One that does not in time ends the opening with ``KubeError/Code/deadlineExceeded``.
    public var watchOpeningTimeout: Duration = .seconds(30)
    /// How long a peer may leave unacknowledged what was sent to it (`TCP_USER_TIMEOUT`).
    ///
    /// Then the connection counts as broken, without waiting for the minutes that the system would retransmit. It
    /// also applies to a peer that has stopped reading.
    public var acknowledgementTimeout: Duration = .seconds(30)

    /// Creates a configuration with the defaults.
    public init() {}
}
