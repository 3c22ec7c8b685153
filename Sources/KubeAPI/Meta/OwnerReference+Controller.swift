// SPDX-License-Identifier: Apache-2.0

extension OwnerReference {
    /// The reference that makes an object the owner which manages another one, and which that one is deleted with.
    ///
    /// Both have to be in the same namespace, or the owner in none: the garbage collector deletes at once what belongs
    /// to an owner that it cannot find.
    /// - Parameter owner: as the server has stored it; the reference needs its `uid`.
    public init<Owner: Resource>(controller owner: Owner) {
        self.init(
            apiVersion: Owner.apiResource.apiVersion,
            kind: Owner.apiResource.kind,
            name: owner.metadata.name,
            uid: owner.metadata.uid ?? "",
            isController: true,
            blocksOwnerDeletion: true
        )
    }
}
