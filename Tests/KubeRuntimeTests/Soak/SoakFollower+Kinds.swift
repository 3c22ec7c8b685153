// SPDX-License-Identifier: Apache-2.0
import KubeRuntime
import KubeTesting

extension SoakFollower {
    /// An informer for each way in which a collection can be followed.
    ///
    /// - `paging` reads its lists page by page from the store of the server.
    /// - `caching` asks for lists as streams and, where the server has none, reads them from the server's cache.
    /// - `selecting` follows only objects with a label, which come and go as their labels change.
    /// - `scattered` follows two namespaces with one store.
    /// - `projecting` keeps a part of each object.
    static func all(behind proxy: FaultProxy, namespaces: [String]) throws -> [SoakFollower] {
        let first = [namespaces[0]]
        let paged = ReflectorConfiguration(streamsLists: false, pageSize: 5, alwaysPages: true)
        var selecting = paged
        selecting.labelSelector = "\(SoakWriter.label)=\(SoakWriter.selected)"
        let whole: @Sendable (SoakMap) -> SoakMap = { $0 }
        return [
            try SoakFollower("paging", proxy, namespaces: first, paged, view: whole),
            try SoakFollower("caching", proxy, namespaces: first, ReflectorConfiguration(), view: whole),
            try SoakFollower("selecting", proxy, namespaces: first, selecting, view: whole),
            try SoakFollower(
                "scattered",
                proxy,
                namespaces: namespaces,
                ReflectorConfiguration(streamsLists: false),
                view: whole
            ),
            try SoakFollower(
                "projecting",
                proxy,
                namespaces: first,
                ReflectorConfiguration(streamsLists: false),
                view: { SoakMap($0) },
                kept: { $0.projected }
            ),
        ]
    }
}
