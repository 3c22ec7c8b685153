// SPDX-License-Identifier: Apache-2.0
import JSON

#if canImport(Glibc)
import Glibc
#endif

/// Serves the requests of one connection to a ``FaultProxy``, on a thread of its own.
struct ProxyConnection: Sendable {
    /// What becomes of the connection after an answer.
    enum Ending: Sendable {
        /// The answer is complete; another request may come.
        case complete
        /// The connection is reset.
        case reset
        /// The connection stays open, and nothing more happens on it.
        case stall
        /// The client has gone.
        case left
    }

    let socket: LoopbackSocket
    let proxy: FaultProxy

    func serve() {
        var rest: [UInt8] = []
        while let request = ProxiedRequest(from: socket, &rest) {
            switch answer(request, proxy.plan(for: request)) {
            case .complete: continue
            case .reset: return socket.resetOnClose()
            case .stall: return socket.holdOpen()
            case .left: return
            }
        }
    }

    private func answer(_ request: ProxiedRequest, _ plan: FaultSchedule.Plan?) -> Ending {
        if let plan, let ending = refuse(request, plan) { return ending }
        if request.kind == .watch { return WatchForwarding(socket, proxy, plan).forward(request) }
        return forward(request, plan)
    }

    /// Does what happens before the server is asked; nil if it is to be asked.
    private func refuse(_ request: ProxiedRequest, _ plan: FaultSchedule.Plan) -> Ending? {
        switch plan.fault {
        case .lateAnswer:
            proxy.count(plan.fault)
            usleep(UInt32(plan.share * 500_000))
            // A write that its sender has given up must not take effect later on.
            return socket.hasPeerLeft ? .left : nil
        case .resetBeforeAnswer:
            proxy.count(plan.fault)
            return .reset
        case .unansweredRequest:
            proxy.count(plan.fault)
            return .stall
        case .tooLargeResourceVersion where !request.namesVersion: return nil
        case .tooManyRequests, .tooManyRequestsWithRetryAfter, .internalServerError, .serviceUnavailable,
            .gatewayTimeout, .expiredList, .expiredPage, .expiredWatch, .tooLargeResourceVersion:
            guard let status = plan.fault.status else { return nil }
            proxy.count(plan.fault)
            let seconds = plan.fault == .tooManyRequestsWithRetryAfter ? 1 : nil
            return send(ProxyResponse.refusal(status, retryAfterSeconds: seconds))
        default: return nil
        }
    }

    /// Passes on an answer that is no watch.
    private func forward(_ request: ProxiedRequest, _ plan: FaultSchedule.Plan?) -> Ending {
        let answer = WholeAnswer(socket, proxy)
        guard proxy.server.ask(request, answer) else {
            if !answer.isAbandoned { proxy.countServerFailure() }
            return .reset
        }
        guard let plan, (200..<300).contains(answer.status) else { return send(answer.bytes()) }
        let part = Array(answer.body.prefix(Int(Double(answer.body.count) * plan.share)))
        switch plan.fault {
        case .resetAfterHeader:
            proxy.count(plan.fault)
            return send(ProxyResponse.chunkedHead(), then: .reset)
        case .resetInAnswer, .stalledAnswer:
            proxy.count(plan.fault)
            let ending: Ending = plan.fault == .resetInAnswer ? .reset : .stall
            return send(answer.head(isChunked: plan.isChunked) + part, then: ending)
        case .truncatedAnswer:
            proxy.count(plan.fault)
            answer.body = part
        case .garbageListVersion: if answer.setListVersion(Fault.garbageVersion) { proxy.count(plan.fault) }
        default: break
        }
        return send(answer.bytes(isChunked: plan.isChunked))
    }

    private func send(_ bytes: [UInt8], then ending: Ending = .complete) -> Ending {
        socket.send(bytes) ? ending : .left
    }
}

/// An answer that is complete before any of it is passed on.
private final class WholeAnswer: UpstreamServer.Receiver {
    private(set) var status = 0
    private var contentType = ""
    var body: [UInt8] = []
    private let socket: LoopbackSocket
    private let proxy: FaultProxy

    init(_ socket: LoopbackSocket, _ proxy: FaultProxy) {
        self.socket = socket
        self.proxy = proxy
    }

    var isAbandoned: Bool { proxy.isStopped || socket.hasPeerLeft }

    func receive(status: Int, contentType: String) -> Bool {
        self.status = status
        self.contentType = contentType
        return true
    }

    func receive(_ piece: UnsafeBufferPointer<UInt8>) -> Bool {
        body += piece
        return true
    }

    /// The headers, and what else comes before the body.
    func head(isChunked: Bool) -> [UInt8] {
        guard isChunked else { return ProxyResponse.head(status: status, contentType: contentType, length: body.count) }
        return ProxyResponse.chunkedHead(status: status, contentType: contentType)
            + ProxyResponse.chunkStart(body.count)
    }

    func bytes(isChunked: Bool = false) -> [UInt8] {
        // An empty chunk would be the last one.
        guard isChunked, !body.isEmpty else { return head(isChunked: false) + body }
        return head(isChunked: true) + body + Array("\r\n".utf8) + ProxyResponse.chunksEnd
    }

    /// Puts another resourceVersion into a list; false if it is none.
    func setListVersion(_ version: String) -> Bool {
        guard var list = try? JSON.decode(JSONValue.self, from: body), var metadata = list["metadata"] else {
            return false
        }
        metadata["resourceVersion"] = .string(version)
        list["metadata"] = metadata
        body = JSON.encode(list)
        return true
    }
}
