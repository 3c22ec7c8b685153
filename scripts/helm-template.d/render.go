// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"
	"text/template"

	"github.com/Masterminds/semver"
	"github.com/Masterminds/sprig"
	"sigs.k8s.io/yaml"
)

type kubeVersion struct{ Version, Major, Minor string }

func (v kubeVersion) String() string     { return v.Version }
func (v kubeVersion) GitVersion() string { return v.Version }

type apiVersions []string

func (a apiVersions) Has(version string) bool {
	for _, known := range a {
		if known == version {
			return true
		}
	}
	return false
}

func toYAML(value any) string {
	text, err := yaml.Marshal(value)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(string(text), "\n")
}

// functions are sprig's, without what would make the outcome depend on the machine, and Helm's own.
func functions(all *template.Template) template.FuncMap {
	depth := map[string]int{}
	f := sprig.TxtFuncMap()
	delete(f, "env")
	delete(f, "expandenv")
	f["include"] = func(name string, data any) (string, error) {
		if depth[name]++; depth[name] > 1000 {
			return "", fmt.Errorf("%s includes itself without end", name)
		}
		defer func() { depth[name]-- }()
		var out strings.Builder
		err := all.ExecuteTemplate(&out, name, data)
		return out.String(), err
	}
	f["tpl"] = func(text string, data any) (string, error) {
		t, err := all.Clone()
		if err != nil {
			return "", err
		}
		if t, err = t.New("tpl").Parse(text); err != nil {
			return "", err
		}
		var out strings.Builder
		err = t.Execute(&out, data)
		return strings.ReplaceAll(out.String(), "<no value>", ""), err
	}
	f["required"] = func(message string, value any) (any, error) {
		if value == nil || value == "" {
			return nil, errors.New(message)
		}
		return value, nil
	}
	f["fail"] = func(message string) (string, error) { return "", errors.New(message) }
	// There is no server to ask, as with "helm template".
	f["lookup"] = func(string, string, string, string) map[string]any { return map[string]any{} }
	f["toYaml"] = toYAML
	f["toJson"] = func(value any) string { text, _ := json.Marshal(value); return string(text) }
	f["fromYaml"] = func(text string) map[string]any {
		value := map[string]any{}
		if err := yaml.Unmarshal([]byte(text), &value); err != nil {
			value["Error"] = err.Error()
		}
		return value
	}
	f["fromJson"] = f["fromYaml"]
	f["fromYamlArray"] = func(text string) []any {
		value := []any{}
		if err := yaml.Unmarshal([]byte(text), &value); err != nil {
			value = []any{err.Error()}
		}
		return value
	}
	f["fromJsonArray"] = f["fromYamlArray"]
	return f
}

// render gives the text of each template, by its path.
func (c chart) render(o options, values map[string]any) (map[string]string, error) {
	version, err := semver.NewVersion(strings.TrimPrefix(o.kubeVersion, "v"))
	if err != nil {
		return nil, fmt.Errorf("--kube-version %s: %w", o.kubeVersion, err)
	}
	if wanted := c.metadata.KubeVersion; wanted != "" {
		constraint, err := semver.NewConstraint(wanted)
		if err != nil {
			return nil, fmt.Errorf("Chart.yaml: kubeVersion: %w", err)
		}
		if !constraint.Check(version) {
			return nil, fmt.Errorf("chart requires kubeVersion: %s which is incompatible with Kubernetes %s", wanted, o.kubeVersion)
		}
	}
	data := map[string]any{
		"Values": values,
		"Chart":  c.metadata,
		"Release": map[string]any{"Name": o.name, "Namespace": o.namespace, "Service": "Helm", "Revision": 1,
			"IsInstall": true, "IsUpgrade": false},
		"Capabilities": map[string]any{"APIVersions": apiVersions(append([]string{"v1"}, o.apiVersions...)),
			"KubeVersion": kubeVersion{"v" + version.String(), fmt.Sprint(version.Major()), fmt.Sprint(version.Minor())}},
	}
	all, others, names := template.New("chart").Option("missingkey=zero"), files{}, []string{}
	all.Funcs(functions(all))
	for name, text := range c.files {
		if !strings.HasPrefix(name, "templates/") {
			others[name] = text
			continue
		}
		if _, err := all.New(c.path(name)).Parse(string(text)); err != nil {
			return nil, err
		}
		if !strings.HasPrefix(path.Base(name), "_") {
			names = append(names, c.path(name))
		}
	}
	data["Files"] = others
	texts := map[string]string{}
	for _, name := range names {
		var out strings.Builder
		data["Template"] = map[string]any{"Name": name, "BasePath": c.path("templates")}
		if err := all.ExecuteTemplate(&out, name, data); err != nil {
			return nil, err
		}
		texts[name] = strings.ReplaceAll(out.String(), "<no value>", "")
	}
	return texts, nil
}
