// SPDX-License-Identifier: Apache-2.0
import KubeRuntime

/// How fast the work queue is: what each reconciliation and each event pays.
enum WorkQueueFigures: FigureGroup {
    static let name = "work-queue"
    private static let operations = 1_000_000
    private static let keyCount = 1000
    private static let runs = 5

    static func measure() async throws -> [Figure] {
        let keys = (0..<keyCount).map { ObjectKey(namespace: "default", name: "some-object-\($0)") }
        let numbers = Array(0..<keyCount)
        return [
            try await besideReference(try await cycles(numbers, workers: 1, keys: "integers"), workers: 1),
            try await besideReference(try await cycles(numbers, workers: 4, keys: "integers"), workers: 4),
            try await cycles(keys, workers: 1, keys: "object-keys"),
            try await cycles(keys, workers: 4, keys: "object-keys"),
            try await additions("work-queue-add-delayed") { $0.add($1, after: .seconds(3600 + $1 % 1000)) },
            try await priorities(),
        ]
    }

    /// The same operations on client-go's queue, in a process of its own.
    private static func besideReference(_ figure: Figure, workers: Int) async throws -> Figure {
        guard Subject.hasReference else { return figure }
        let reference = try await Subject.run(.reference, ["work-queue", "\(workers)"]) { process in
            try await process.numbers(after: "worked")[0]
        }
        var figure = figure
        figure.beside = [("client-go", reference)]
        figure.ratio = figure.value / reference
        return figure
    }

    /// Workers that take a key, are done with it and add it again: each step of the three is its own call.
    private static func cycles<Key: Hashable & Sendable>(
        _ keys: [Key],
        workers: Int,
        keys kind: String
    ) async throws -> Figure {
        try await figure("work-queue-add-get-done-\(kind)-\(workers)-workers") {
            let queue = WorkQueue<Key>()
            for key in keys { queue.add(key) }
            let time = await ContinuousClock().measure {
                await withTaskGroup { group in
                    for _ in 0..<workers {
                        group.addTask {
                            for _ in 0..<operations / workers {
                                guard let item = await queue.next() else { return }
                                let key = item.key
                                item.done()
                                queue.add(key)
                            }
                        }
                    }
                }
            }
            guard queue.count == keys.count else { throw BenchmarkError(message: "\(queue.count) keys are left") }
            return time
        }
    }

    /// So many different keys, all of which stay in the queue.
    private static func additions(
        _ name: String,
        _ add: @escaping @Sendable (WorkQueue<Int>, Int) -> Void
    ) async throws -> Figure {
        try await figure(name) {
            let queue = WorkQueue<Int>()
            let time = ContinuousClock().measure { for key in 0..<operations { add(queue, key) } }
            queue.shutDownNow()
            return time
        }
    }

    /// Adding with one of five priorities, then taking all of it.
    private static func priorities() async throws -> Figure {
        try await figure("work-queue-add-get-done-priorities") {
            let queue = WorkQueue<Int>()
            var count = 0
            let time = await ContinuousClock().measure {
                for key in 0..<operations { queue.add(key, priority: key % 5) }
                queue.shutDown()
                while let item = await queue.next() {
                    item.done()
                    count += 1
                }
            }
            guard count == operations else { throw BenchmarkError(message: "\(count) keys were delivered") }
            return time
        }
    }

    private static func figure(_ name: String, _ run: () async throws -> Duration) async throws -> Figure {
        var best = try await run()
        for _ in 1..<runs { best = min(best, try await run()) }
        return Figure(
            name: name,
            value: Double(operations) / (best / .seconds(1)) / 1e6,
            unit: "million/s",
            details: [("nanoseconds", best / .nanoseconds(1) / Double(operations))]
        )
    }
}
