// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#endif

/// Small files with settings in them.
enum File {
    /// The largest file that is read; a kubeconfig with hundreds of contexts stays far below.
    static let maximumBytes = 16 << 20

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Reads a file.
    /// - Parameter purpose: what the file is for, as the error says it.
    static func read(_ path: String, for purpose: String) throws(KubeError) -> [UInt8] {
        do {
            let data = try Data(contentsOf: URL(filePath: path))
            guard data.count <= maximumBytes else {
                throw KubeError(
                    code: .configuration,
                    message: "\(path) (\(purpose)) is larger than \(maximumBytes >> 20) MiB"
                )
            }
            return [UInt8](data)
        } catch let error as KubeError {
            throw error
        } catch {
            throw KubeError(
                code: .configuration,
                message: "\(path) (\(purpose)) cannot be read: \(String(cString: strerror(errno)))",
                cause: error
            )
        }
    }
}

/// The variables that the process was started with.
struct ProcessEnvironment {
    private let values = ProcessInfo.processInfo.environment

    subscript(name: String) -> String? { values[name] }
}
