// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"sigs.k8s.io/yaml"
)

// combinedValues are the chart's own, then the files', then those of --set.
func (c chart) combinedValues(o options) (map[string]any, error) {
	given := map[string]any{}
	for _, name := range o.files {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		values := map[string]any{}
		if err := yaml.Unmarshal(text, &values); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		given = merge(given, values, true)
	}
	for _, set := range o.sets {
		if err := assign(given, set); err != nil {
			return nil, fmt.Errorf("--set %s: %w", set, err)
		}
	}
	defaults := map[string]any{}
	// Helm keeps the chart's own numbers as they are written, and reads those of others as floating point.
	useNumber := func(d *json.Decoder) *json.Decoder { d.UseNumber(); return d }
	if err := yaml.Unmarshal(c.files["values.yaml"], &defaults, useNumber); err != nil {
		return nil, fmt.Errorf("values.yaml: %w", err)
	}
	return merge(defaults, given, false), nil
}

// merge puts the second over the first: maps are joined, anything else replaces; null removes a default.
func merge(base, over map[string]any, keepNull bool) map[string]any {
	for key, value := range over {
		below, _ := base[key].(map[string]any)
		above, areMaps := value.(map[string]any)
		switch {
		case value == nil && !keepNull:
			delete(base, key)
		case areMaps && below == nil:
			base[key] = merge(map[string]any{}, above, keepNull)
		case areMaps:
			base[key] = merge(below, above, keepNull)
		default:
			base[key] = value
		}
	}
	return base
}

func typed(text string) any {
	switch text {
	case "true", "false":
		return text == "true"
	case "null":
		return nil
	}
	if number, err := strconv.ParseInt(text, 10, 64); err == nil && (text == "0" || !strings.HasPrefix(text, "0")) {
		return number
	}
	return text
}

// split does not take a separator after a backslash for one.
func split(text, separator string) []string {
	parts := strings.Split(strings.ReplaceAll(text, `\`+separator, "\x00"), separator)
	for i := range parts {
		parts[i] = strings.ReplaceAll(parts[i], "\x00", separator)
	}
	return parts
}

// assign understands a.b=c and a={b,c}, and backslashes before dots and commas.
func assign(values map[string]any, set string) error {
	key, text, found := strings.Cut(set, "=")
	if !found || key == "" {
		return errors.New("has to have the form key=value")
	}
	if strings.Contains(key, "[") {
		return errors.New("items of lists are set in a file of values")
	}
	var value any
	if strings.HasPrefix(text, "{") && strings.HasSuffix(text, "}") {
		items := []any{}
		for _, item := range split(text[1:len(text)-1], ",") {
			items = append(items, typed(item))
		}
		value = items
	} else if parts := split(text, ","); len(parts) > 1 {
		return errors.New(`one value each; a comma within one is written \,`)
	} else {
		value = typed(parts[0])
	}
	steps := split(key, ".")
	for _, step := range steps[:len(steps)-1] {
		inner, _ := values[step].(map[string]any)
		if inner == nil {
			inner = map[string]any{}
			values[step] = inner
		}
		values = inner
	}
	values[steps[len(steps)-1]] = value
	return nil
}
