// Package completion writes scripts that complete the command line in bash, zsh
// and fish. They are made from the grammar, so they know every command and flag.
package completion

import (
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/warren-p2p/warren/internal/cli/console"
)

// Command prints a script.
type Command struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"The shell: bash, zsh or fish."`
}

// Help tells how to use the scripts.
func (Command) Help() string {
	return "To use it now: source <(warren completion bash), source <(warren completion zsh) or " +
		"warren completion fish | source. To keep it, put that line into the start file of the shell."
}

// Run prints the script.
func (cmd *Command) Run(c *console.Console, app *kong.Application) error {
	nodes := walk(app.Node, nil)
	text := ""
	switch cmd.Shell {
	case "bash":
		text = bash(nodes)
	case "zsh":
		text = "autoload -Uz compinit bashcompinit && compinit && bashcompinit\n" + bash(nodes)
	case "fish":
		text = fish(nodes)
	}
	_, err := c.Out.Write([]byte(text))
	return err
}

// node is a command as completion sees it.
type node struct {
	path     []string // of names, without the program's
	help     string
	commands []string
	flags    []*kong.Flag // those of the commands above it too
	values   []string     // of its first argument, if they are known
}

func walk(n *kong.Node, path []string) []node {
	me := node{path: path, help: n.Help}
	for _, group := range n.AllFlags(true) {
		me.flags = append(me.flags, group...)
	}
	if len(n.Positional) > 0 && n.Positional[0].Enum != "" {
		me.values = n.Positional[0].EnumSlice()
	}
	list := []node{me}
	for _, child := range n.Children {
		if child.Hidden {
			continue
		}
		list[0].commands = append(list[0].commands, child.Name)
		list = append(list, walk(child, append(slices.Clip(path), child.Name))...)
	}
	return list
}

// names returns what a flag is given by.
func names(f *kong.Flag) []string {
	list := []string{"--" + f.Name}
	if f.Short != 0 {
		list = append(list, "-"+string(f.Short))
	}
	return list
}

// bash writes one function that walks the words up to the cursor. Everything it
// does not know is a file name.
func bash(nodes []node) string {
	var b strings.Builder
	b.WriteString(`# bash completion for warren
_warren() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} path="" words="" i
	for ((i = 1; i < COMP_CWORD; i++)); do
		case "$path ${COMP_WORDS[i]}" in
`)
	for _, n := range nodes[1:] {
		fmt.Fprintf(&b, "\t\t'%s') path='%s' ;;\n", " "+strings.Join(n.path, " "), " "+strings.Join(n.path, " "))
	}
	b.WriteString("\t\tesac\n\tdone\n\tcase \"$path $prev\" in\n")
	for _, n := range nodes {
		for _, f := range n.flags {
			if f.Enum == "" {
				continue
			}
			fmt.Fprintf(&b, "\t'%s') COMPREPLY=($(compgen -W '%s' -- \"$cur\")); return ;;\n",
				strings.Join(append([]string{""}, append(n.path, "--"+f.Name)...), " "), strings.Join(f.EnumSlice(), " "))
		}
	}
	b.WriteString("\tesac\n\tcase \"$path\" in\n")
	for _, n := range nodes {
		var flags []string
		for _, f := range n.flags {
			flags = append(flags, names(f)...)
		}
		path := ""
		if len(n.path) > 0 {
			path = " " + strings.Join(n.path, " ")
		}
		fmt.Fprintf(&b, "\t'%s') words='%s'; [[ $cur == -* ]] && words='%s' ;;\n",
			path, strings.Join(append(n.commands, n.values...), " "), strings.Join(flags, " "))
	}
	b.WriteString("\tesac\n\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\ncomplete -o default -F _warren warren\n")
	return b.String()
}

// fish writes one line for each command and flag.
func fish(nodes []node) string {
	var b strings.Builder
	b.WriteString("# fish completion for warren\ncomplete -c warren -e\n")
	help := make(map[string]string, len(nodes))
	for _, n := range nodes {
		help[strings.Join(n.path, " ")] = n.help
	}
	for _, n := range nodes {
		seen := "__fish_use_subcommand"
		if len(n.path) > 0 {
			seen = "__fish_seen_subcommand_from " + strings.Join(n.path, "; and __fish_seen_subcommand_from ")
		}
		if len(n.path) == 1 && len(n.commands) > 0 {
			seen += "; and not __fish_seen_subcommand_from " + strings.Join(n.commands, " ")
		}
		for _, name := range n.commands {
			about := help[strings.Join(append(slices.Clip(n.path), name), " ")]
			fmt.Fprintf(&b, "complete -c warren -f -n %s -a %s -d %s\n", quote(seen), name, quote(about))
		}
		for _, v := range n.values {
			fmt.Fprintf(&b, "complete -c warren -f -n %s -a %s\n", quote(seen), v)
		}
		if len(n.commands) > 0 {
			continue // flags are offered where a command is complete
		}
		for _, f := range n.flags {
			fmt.Fprintf(&b, "complete -c warren -n %s -l %s%s -d %s\n", quote(seen), f.Name, fishValue(f), quote(f.Help))
		}
	}
	return b.String()
}

func fishValue(f *kong.Flag) string {
	value := ""
	if f.Short != 0 {
		value = " -s " + string(f.Short)
	}
	switch {
	case f.Enum != "":
		value += " -x -a " + quote(strings.Join(f.EnumSlice(), " "))
	case !f.IsBool():
		value += " -r"
	}
	return value
}

// quote makes a word of fish's.
func quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}
