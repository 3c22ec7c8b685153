// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"regexp"
	"sort"
	"strings"

	"sigs.k8s.io/yaml"
)

// The kinds in the order in which Helm installs them; others come after these.
var installOrder = strings.Fields(`PriorityClass Namespace NetworkPolicy ResourceQuota LimitRange PodSecurityPolicy
	PodDisruptionBudget ServiceAccount Secret SecretList ConfigMap StorageClass PersistentVolume PersistentVolumeClaim
	CustomResourceDefinition ClusterRole ClusterRoleList ClusterRoleBinding ClusterRoleBindingList Role RoleList
	RoleBinding RoleBindingList Service DaemonSet Pod ReplicationController ReplicaSet Deployment
	HorizontalPodAutoscaler StatefulSet Job CronJob IngressClass Ingress APIService`)

type manifest struct {
	source, text, kind, name string
	isHook                   bool
}

func (m manifest) order() int {
	for i, kind := range installOrder {
		if kind == m.kind {
			return i
		}
	}
	return len(installOrder)
}

var separator = regexp.MustCompile(`(?m)^---[ \t]*$`)

func printManifests(c chart, texts map[string]string, o options) error {
	wanted := map[string]bool{}
	for _, name := range o.showOnly {
		if _, ok := texts[c.path(name)]; !ok {
			return fmt.Errorf("could not find template %s in chart", name)
		}
		wanted[c.path(name)] = true
	}
	var all []manifest
	for source, text := range texts {
		if strings.HasSuffix(source, ".txt") || (len(wanted) > 0 && !wanted[source]) {
			continue
		}
		for _, part := range separator.Split(text, -1) {
			var object struct {
				Kind     string
				Metadata struct {
					Name        string
					Annotations map[string]string
				}
			}
			if err := yaml.Unmarshal([]byte(part), &object); err != nil {
				return fmt.Errorf("%s: %w\n%s", source, err, part)
			}
			if object.Kind == "" {
				if part = strings.TrimSpace(regexp.MustCompile(`(?m)^#.*$`).ReplaceAllString(part, "")); part != "" {
					return fmt.Errorf("%s: an object without a kind:\n%s", source, part)
				}
				continue
			}
			_, isHook := object.Metadata.Annotations["helm.sh/hook"]
			if isHook && o.noHooks {
				continue
			}
			all = append(all, manifest{source, strings.TrimSpace(part), object.Kind, object.Metadata.Name, isHook})
		}
	}
	sort.Slice(all, func(i, j int) bool {
		a, b := all[i], all[j]
		if a.isHook != b.isHook {
			return b.isHook
		}
		if a.order() != b.order() {
			return a.order() < b.order()
		}
		return a.kind+" "+a.name+" "+a.source < b.kind+" "+b.name+" "+b.source
	})
	for _, m := range all {
		fmt.Printf("---\n# Source: %s\n%s\n", m.source, m.text)
	}
	return nil
}
