// SPDX-License-Identifier: Apache-2.0
@testable import JSON

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Memory that ends at a page which nobody may touch: reading one byte beyond a text in it ends the process.
final class GuardedText {
    private let pages: UnsafeMutableRawPointer
    private let capacity: Int
    private let pageSize = Int(getpagesize())

    init(capacity: Int) {
        self.capacity = (capacity + pageSize - 1) / pageSize * pageSize
        let flags = MAP_PRIVATE | MAP_ANONYMOUS
        guard let pages = mmap(nil, self.capacity + pageSize, PROT_READ | PROT_WRITE, flags, -1, 0),
            pages != MAP_FAILED,
            mprotect(pages + self.capacity, pageSize, PROT_NONE) == 0
        else { preconditionFailure("no memory for \(capacity) guarded bytes: error \(errno)") }
        self.pages = pages
    }

    deinit { munmap(pages, capacity + pageSize) }

    /// Puts a text right in front of the guard, and reads it there.
    func read<Result>(
        _ bytes: [UInt8],
        _ body: (inout JSONReader) throws(JSONError) -> Result
    ) -> Swift.Result<Result, JSONError> {
        precondition(bytes.count <= capacity)
        let start = pages + (capacity - bytes.count)
        bytes.withUnsafeBytes { start.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(start), byteCount: $0.count) }
        var reader = JSONReader(base: start.assumingMemoryBound(to: UInt8.self), count: bytes.count)
        do throws(JSONError) {
            return .success(try body(&reader))
        } catch {
            return .failure(error)
        }
    }

    /// Reads a whole text as a tree, as a type and not at all, and says what came of it.
    func readEveryWay(_ bytes: [UInt8]) -> (strict: JSONError?, tree: Result<JSONValue, JSONError>) {
        func whole<Value: JSONDecodable>(_ type: Value.Type) -> Result<Value, JSONError> {
            read(bytes) { (reader: inout JSONReader) throws(JSONError) in
                let value = try Value(from: &reader)
                try reader.finish()
                return value
            }
        }
        _ = whole(Fixture.self)
        _ = whole(Skipped.self)
        _ = whole(RawJSON.self)
        _ = JSONPath.path(toOffset: bytes.count / 2, in: bytes)
        let checked = read(bytes) { (reader: inout JSONReader) throws(JSONError) in
            try reader.checkText(JSONLimits())
        }
        guard case .failure(let error) = checked else { return (nil, whole(JSONValue.self)) }
        return (error, whole(JSONValue.self))
    }
}
