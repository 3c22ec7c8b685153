// SPDX-License-Identifier: Apache-2.0
import KubeAPI

#if canImport(Glibc)
import Glibc
#endif

/// Passes a watch on, event by event, and spoils it as planned.
final class WatchForwarding: UpstreamServer.Receiver {
    private let socket: LoopbackSocket
    private let proxy: FaultProxy
    private let plan: FaultSchedule.Plan?
    private var status = 0
    /// The start of a line whose end has not come yet; the whole body, if the server refuses.
    private var partial: [UInt8] = []
    private var eventCount = 0
    /// The event before the one that is passed on.
    private var previous: [UInt8]?
    private var lateCount = 0
    /// How the watch has ended, if it was not the server that ended it.
    private var ending: ProxyConnection.Ending?

    init(_ socket: LoopbackSocket, _ proxy: FaultProxy, _ plan: FaultSchedule.Plan?) {
        self.socket = socket
        self.proxy = proxy
        self.plan = plan
    }

    func forward(_ request: ProxiedRequest) -> ProxyConnection.Ending {
        let isComplete = proxy.server.ask(request, self)
        if let ending { return ending }
        guard isComplete else {
            guard !isAbandoned else { return .left }
            proxy.countServerFailure()
            return .reset
        }
        let end =
            status == 200
            ? ProxyResponse.chunksEnd : ProxyResponse.head(status: status, length: partial.count) + partial
        return socket.send(end) ? .complete : .left
    }

    var isAbandoned: Bool { proxy.isStopped || socket.hasPeerLeft }

    func receive(status: Int, contentType: String) -> Bool {
        self.status = status
        guard status == 200 else { return true }
        guard socket.send(ProxyResponse.chunkedHead(contentType: contentType)) else { return end(.left) }
        return spoilBeginning()
    }

    func receive(_ piece: UnsafeBufferPointer<UInt8>) -> Bool {
        partial += piece
        guard status == 200 else { return true }
        while let newline = partial.firstIndex(of: UInt8(ascii: "\n")) {
            let line = Array(partial[...newline])
            partial.removeFirst(newline + 1)
            guard forward(line) else { return false }
        }
        return true
    }

    /// Does what needs no event to happen to; returns whether the watch goes on.
    private func spoilBeginning() -> Bool {
        guard let plan, proxy.isFaulty else { return true }
        switch plan.fault {
        case .resetAfterHeader: return spoil(sending: [], .reset)
        case .emptyWatch: return spoil(sending: ProxyResponse.chunksEnd, .complete)
        case _ where plan.eventCount > 0: return true
        case .closedWatch, .stalledWatch, .expiredEvent, .internalErrorEvent, .tooManyRequestsEvent,
            .tooLargeResourceVersionEvent, .garbageBookmark:
            return spoil(plan, before: [])
        default: return true
        }
    }

    private func forward(_ line: [UInt8]) -> Bool {
        defer {
            eventCount += 1
            previous = line
        }
        guard let plan, proxy.isFaulty else { return send(ProxyResponse.chunk(line)) }
        if plan.fault == .lateEvents, eventCount >= plan.eventCount, lateCount < 5 {
            if lateCount == 0 { proxy.count(plan.fault) }
            lateCount += 1
            usleep(UInt32(plan.share * 100_000))
        } else if eventCount == (plan.fault == .staleEvent ? max(plan.eventCount, 1) : plan.eventCount) {
            return spoil(plan, before: line)
        }
        return send(ProxyResponse.chunk(line))
    }

    /// Does what is planned; returns whether the watch goes on.
    /// - Parameter line: the event that it happens to; empty if there is none, which some faults do not need.
    private func spoil(_ plan: FaultSchedule.Plan, before line: [UInt8]) -> Bool {
        let part = Array(line.prefix(max(1, Int(Double(line.count) * plan.share))))
        let chunk = line.isEmpty ? [] : ProxyResponse.chunk(line)
        switch plan.fault {
        case .closedWatch: return spoil(sending: ProxyResponse.chunksEnd, .complete)
        case .stalledWatch: return spoil(sending: [], .stall)
        case .resetInWatch: return spoil(sending: ProxyResponse.chunkStart(line.count) + part, .reset)
        case .truncatedEvent:
            // Cut off before the line break, which would make it a line.
            return spoil(
                sending: ProxyResponse.chunk(Array(part.dropLast(part == line ? 1 : 0))) + ProxyResponse.chunksEnd,
                .complete
            )
        case .expiredEvent, .internalErrorEvent, .tooManyRequestsEvent, .tooLargeResourceVersionEvent:
            let event = ProxyResponse.event("ERROR", plan.fault.status ?? Status())
            return spoil(sending: ProxyResponse.chunk(event) + ProxyResponse.chunksEnd, .complete)
        case .unparsableEvent:
            return spoil(sending: ProxyResponse.chunk(Array(#"{"type":"MODIFIED","object":{"meta"#.utf8) + [0x0A]))
        case .oversizedEvent:
            return spoil(sending: ProxyResponse.chunk([UInt8](repeating: UInt8(ascii: "x"), count: 33 << 20) + [0x0A]))
        case .duplicatedEvent:
            guard send(chunk) else { return false }
            // A moment for the client to deal with the first.
            usleep(20_000)
            return spoil(sending: chunk)
        case .staleEvent:
            guard send(chunk) else { return false }
            return previous.map { spoil(sending: ProxyResponse.chunk($0)) } ?? true
        case .garbageBookmark:
            return spoil(sending: ProxyResponse.chunk(ProxyResponse.bookmark(Fault.garbageVersion)) + chunk)
        case .futureBookmark:
            return spoil(sending: ProxyResponse.chunk(ProxyResponse.bookmark(Fault.futureVersion)) + chunk)
        default: return send(chunk)
        }
    }

    private func spoil(sending bytes: [UInt8], _ ending: ProxyConnection.Ending? = nil) -> Bool {
        if let plan { proxy.count(plan.fault) }
        guard send(bytes) else { return false }
        return ending.map { end($0) } ?? true
    }

    private func send(_ bytes: [UInt8]) -> Bool { socket.send(bytes) || end(.left) }

    /// Says how the watch ends; false, because nothing more is wanted then.
    private func end(_ ending: ProxyConnection.Ending) -> Bool {
        self.ending = ending
        return false
    }
}
