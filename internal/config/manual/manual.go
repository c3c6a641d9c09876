// Package manual writes what people read about the configuration, from the types of
// package config.
package manual

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/config/schema"
)

// width is how long the lines of an example become.
const width = 80

// Example returns a file in which everything is set to what it is anyway, as comments.
func Example() string {
	var b strings.Builder
	b.WriteString("# How this node behaves. Every value is shown as it is by default: take the # away\n" +
		"# from those you change. `warren config check` says what is wrong with the file.\n")
	for _, s := range config.Sections() {
		if s.Name != "" {
			fmt.Fprintf(&b, "\n\n%s[%s]\n", comment(s.Help), s.Name)
		}
		for _, k := range s.Keys {
			name := k.Name[strings.LastIndexByte(k.Name, '.')+1:]
			fmt.Fprintf(&b, "\n%s# %s = %s\n", comment(explain(k)), name, Written(k))
		}
	}
	return b.String()
}

// explain is the help of a key with the words it can be.
func explain(k config.Key) string {
	text := k.Help
	if len(k.Choices) > 0 {
		text += " One of: " + strings.Join(k.Choices, ", ") + "."
	}
	return text
}

// Written returns the default as it stands in a file.
func Written(k config.Key) string {
	switch {
	case k.Kind == schema.List:
		return "[]"
	case k.Kind == schema.Text:
		return strconv.Quote(k.Default) // defaults are plain ASCII
	}
	return k.Default
}

// comment breaks text into lines of a comment.
func comment(text string) string {
	var b strings.Builder
	line := "#"
	for word := range strings.FieldsSeq(text) {
		if len(line)+1+len(word) > width {
			b.WriteString(line + "\n")
			line = "#"
		}
		line += " " + word
	}
	return b.String() + line + "\n"
}

// Page returns docs/user/configuration.md.
func Page() string {
	var b strings.Builder
	b.WriteString(preface)
	for _, s := range config.Sections() {
		title := "Before all tables"
		if s.Name != "" {
			title = "`[" + s.Name + "]`"
		}
		fmt.Fprintf(&b, "\n## %s\n", title)
		if s.Help != "" {
			fmt.Fprintf(&b, "\n%s\n", s.Help)
		}
		if len(s.Keys) == 0 {
			continue
		}
		b.WriteString("\n| key | default | takes effect | |\n|---|---|---|---|\n")
		for _, k := range s.Keys {
			when := "after a restart"
			if k.Live {
				when = "at once"
			}
			text := explain(k)
			if k.Only {
				text += " Programs may not change it."
			}
			fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s |\n", k.Name, Written(k), when, strings.ReplaceAll(text, "|", "\\|"))
		}
	}
	return b.String()
}

const preface = `# Configuration

<!-- Written by the tests of internal/config from the types there: go test ./internal/config/manual -update -->

A node needs no configuration. What is to be otherwise stands in ` + "`config.toml`" + ` in its
home (` + "`warren config show`" + ` says where that is), or in a file named with
` + "`warren run --config FILE`" + `. It is [TOML](https://toml.io):

` + "```toml" + `
listen = ":51413"

[limits]
up = "2MB"
` + "```" + `

` + "`warren config example`" + ` prints a file with everything in it, commented out.
` + "`warren config check`" + ` reads the file as the node would, and says what is wrong and in
which line; a key that does not exist is an error. ` + "`warren config show`" + ` prints every
value and where it came from.

The last of these that has a value is the one that counts:

1. the default,
2. the file,
3. what was changed while the node ran, by its page, its API or a program; that is kept
   in the store. Taking a change back gives the file its say again,
4. the environment: ` + "`limits.up`" + ` is ` + "`WARREN_LIMITS_UP`" + `, lists are separated by commas,
5. the command line: ` + "`warren run --set limits.up=2MB`" + `, and flags of its own for what is
   needed most.

Sizes and speeds are bytes, never bits, with a unit: ` + "`10MB`, `512KiB`" + `. Times are
` + "`90s`, `1h30m`, `7d`" + `.
`
