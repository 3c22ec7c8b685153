// SPDX-License-Identifier: Apache-2.0

// Renders a chart as "helm template" does, with the same template functions and the same check of the values, for
// where there is no Helm. Charts that depend on others are refused.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
)

const usage = `Usage: helm-template [OPTIONS] [NAME] CHART

Prints the manifests of a chart, in the order in which Helm installs them.

`

// list collects an option that may be given more than once.
type list []string

func (l *list) String() string         { return strings.Join(*l, ",") }
func (l *list) Set(value string) error { *l = append(*l, value); return nil }

type options struct {
	files, sets, apiVersions, showOnly list
	name, namespace, kubeVersion       string
	noHooks, notes                     bool
}

func parse(arguments []string) (options, string) {
	var o options
	flags := flag.NewFlagSet("helm-template", flag.ExitOnError)
	for _, name := range []string{"f", "values"} {
		flags.Var(&o.files, name, "a `file` of values; a later one wins")
	}
	flags.Var(&o.sets, "set", "`key=value`: one value, such as image.tag=1.0; null removes it")
	flags.StringVar(&o.namespace, "namespace", "default", "`namespace` of the release")
	flags.StringVar(&o.name, "name-template", "release-name", "`name` of the release, instead of the argument")
	flags.StringVar(&o.kubeVersion, "kube-version", "v1.20.0", "`version` of Kubernetes")
	flags.Var(&o.apiVersions, "api-versions", "a `group/version[/Kind]` that the server has")
	flags.Var(&o.showOnly, "show-only", "only the manifests of this `template`")
	flags.BoolVar(&o.noHooks, "no-hooks", false, "leave out hooks, tests among them")
	flags.BoolVar(&o.notes, "notes", false, "print what NOTES.txt says instead of the manifests")
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), usage)
		flags.PrintDefaults()
	}
	// Options may stand before and after the names.
	var rest []string
	for len(arguments) > 0 {
		_ = flags.Parse(arguments)
		if arguments = flags.Args(); len(arguments) > 0 {
			rest, arguments = append(rest, arguments[0]), arguments[1:]
		}
	}
	switch len(rest) {
	case 1:
		return o, rest[0]
	case 2:
		o.name = rest[0]
		return o, rest[1]
	}
	flags.Usage()
	os.Exit(2)
	return o, ""
}

func run(o options, directory string) error {
	chart, err := loadChart(directory)
	if err != nil {
		return err
	}
	values, err := chart.combinedValues(o)
	if err != nil {
		return err
	}
	if err := chart.check(values); err != nil {
		return err
	}
	texts, err := chart.render(o, values)
	if err != nil {
		return err
	}
	if o.notes {
		fmt.Print(texts[chart.path("templates/NOTES.txt")])
		return nil
	}
	return printManifests(chart, texts, o)
}

func main() {
	if err := run(parse(os.Args[1:])); err != nil {
		fmt.Fprintf(os.Stderr, "helm-template: error: %v\n", err)
		os.Exit(1)
	}
}
