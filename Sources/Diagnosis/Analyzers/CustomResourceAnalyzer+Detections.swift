// SPDX-License-Identifier: Apache-2.0

extension CustomResourceAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .customResourceNotReady,
                kinds: ["any custom resource"],
                proof: "A condition that is good when true is False, or one that is bad when true is True, "
                    + "for the present generation and with nothing under way.",
                remedy: "Read what its controller says."
            )
        ]
    }
}
