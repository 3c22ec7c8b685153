// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"

	"github.com/xeipuuv/gojsonschema"
	"sigs.k8s.io/yaml"
)

// metadata is what Chart.yaml says; templates see it as .Chart.
type metadata struct {
	APIVersion, Name, Version, AppVersion, Description, Home, Icon, KubeVersion, Type string
	Keywords, Sources                                                                 []string
	Annotations                                                                       map[string]string
	Maintainers, Dependencies                                                         []any
}

type chart struct {
	metadata metadata
	files    files // all of them, by their path in the chart
}

// files is a part of a chart's files; templates see it as .Files.
type files map[string][]byte

func (f files) Get(name string) string { return string(f[name]) }

// Glob has no "**", which Helm would understand.
func (f files) Glob(pattern string) files {
	found := files{}
	for name, data := range f {
		if ok, _ := path.Match(pattern, name); ok {
			found[name] = data
		}
	}
	return found
}

func (c chart) path(name string) string { return c.metadata.Name + "/" + name }

func loadChart(directory string) (chart, error) {
	c := chart{files: files{}}
	err := filepath.Walk(directory, func(file string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		name, err := filepath.Rel(directory, file)
		if err == nil {
			c.files[filepath.ToSlash(name)], err = os.ReadFile(file)
		}
		return err
	})
	if err != nil {
		return c, err
	}
	text, ok := c.files["Chart.yaml"]
	if !ok {
		return c, fmt.Errorf("%s is no chart: it has no Chart.yaml", directory)
	}
	if err := yaml.UnmarshalStrict(text, &c.metadata); err != nil {
		return c, fmt.Errorf("Chart.yaml: %w", err)
	}
	m := &c.metadata
	if m.APIVersion != "v2" || m.Name == "" || m.Version == "" {
		return c, errors.New("Chart.yaml: apiVersion has to be v2, and name and version have to be there")
	}
	if len(m.Dependencies) > 0 {
		return c, errors.New("Chart.yaml: dependencies are not supported")
	}
	return c, nil
}

// check compares the values with values.schema.json, by the library that Helm has for it.
func (c chart) check(values map[string]any) error {
	text, ok := c.files["values.schema.json"]
	if !ok {
		return nil
	}
	document, err := json.Marshal(values)
	if err != nil {
		return err
	}
	result, err := gojsonschema.Validate(gojsonschema.NewBytesLoader(text), gojsonschema.NewBytesLoader(document))
	if err != nil {
		return fmt.Errorf("values.schema.json: %w", err)
	}
	if result.Valid() {
		return nil
	}
	var lines []string
	for _, e := range result.Errors() {
		lines = append(lines, "- "+e.String())
	}
	sort.Strings(lines)
	return fmt.Errorf("values don't meet the specifications of the schema(s) in the following chart(s):\n%s:\n%s",
		c.metadata.Name, strings.Join(lines, "\n"))
}
