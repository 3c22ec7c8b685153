// SPDX-License-Identifier: Apache-2.0

extension AutoscalerAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .autoscalerTargetNotFound,
                kinds: ["HorizontalPodAutoscaler"],
                proof: "The workload that it names does not exist.",
                remedy: "Correct spec.scaleTargetRef."
            ),
            Detection(
                .autoscalerRequestsMissing,
                kinds: ["Workload"],
                proof: "It is to use a share of requests, has no metrics, and a container has neither "
                    + "request nor limit.",
                remedy: "Set requests for every container."
            ),
            Detection(
                .autoscalerMetricsUnavailable,
                kinds: ["HorizontalPodAutoscaler"],
                proof: "Its condition ScalingActive is False, and neither the pods nor its target explain it.",
                remedy: "Look at who serves the metrics."
            ),
            Detection(
                .autoscalerAtMaximum,
                kinds: ["HorizontalPodAutoscaler"],
                proof: "It has its maximum and its condition says that it wants more; too thin to be the "
                    + "answer by itself.",
                remedy: "Raise the maximum, or find out why so much is needed."
            ),
            Detection(
                .autoscalerUnableToScale,
                kinds: ["HorizontalPodAutoscaler"],
                proof: "Its condition AbleToScale is False.",
                remedy: "Look at what it is to scale."
            ),
            Detection(
                .autoscalerInvalid,
                kinds: ["HorizontalPodAutoscaler"],
                proof: "Its minimum is above its maximum, or its controller says that a metric is invalid.",
                remedy: "Correct the autoscaler."
            ),
        ]
    }
}
