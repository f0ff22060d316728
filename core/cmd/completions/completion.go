package main

import (
	"context"
	"flag"
	"fmt"
	"strings"

	"github.com/completion-playground/playground/core"
)

// shells maps a shell to what writes its script.
var shells = map[string]func() string{"bash": bashScript, "zsh": zshScript, "fish": fishScript}

func setupCompletion(*flag.FlagSet) runner {
	return func(_ context.Context, c *console, args []string) int {
		if len(args) != 1 || shells[args[0]] == nil {
			return c.misused("completion", "name one shell: bash, zsh or fish")
		}
		return c.print(shells[args[0]]())
	}
}

// flagsOf returns the names of a command's flags with a dash, and the words that each of them takes.
func flagsOf(m command) (names []string, words map[string][]string, usages map[string]string) {
	words, usages = map[string][]string{}, map[string]string{}
	m.flags().VisitAll(func(g *flag.Flag) {
		name := "-" + g.Name
		names = append(names, name)
		_, usages[name] = flag.UnquoteUsage(g)
		if choice, ok := g.Value.(oneOf); ok {
			words[name] = choice.words
		} else if g.Name == "profile" {
			words[name] = profileNames()
		}
	})
	return names, words, usages
}

// operandsOf returns the words that a command takes as arguments, nil for files.
func operandsOf(m command) (words []string) {
	switch m.name {
	case "help":
		return commandNames()
	case "completion":
		return []string{"bash", "zsh", "fish"}
	case "codes":
		for _, t := range core.CodeTexts() {
			words = append(words, string(t.Code))
		}
	}
	return words
}

func commandNames() (names []string) {
	for _, m := range commands {
		names = append(names, m.name)
	}
	return names
}

func bashScript() string {
	var b strings.Builder
	b.WriteString(`# bash completion for completions; load it with: source <(completions completion bash)
_completions() {
	local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" words=""
	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		COMPREPLY=($(compgen -W "` + strings.Join(commandNames(), " ") + `" -- "$word"))
		return
	fi
	case "${COMP_WORDS[1]} $before" in
`)
	for _, m := range commands {
		names, words, _ := flagsOf(m)
		for _, name := range names {
			if words[name] != nil {
				fmt.Fprintf(&b, "\t%q) words=%q ;;\n", m.name+" "+name, strings.Join(words[name], " "))
			}
		}
	}
	b.WriteString("\t*)\n\t\tcase \"${COMP_WORDS[1]} $word\" in\n")
	for _, m := range commands {
		names, _, _ := flagsOf(m)
		if len(names) > 0 {
			fmt.Fprintf(&b, "\t\t%q*) words=%q ;;\n", m.name+" -", strings.Join(names, " "))
		}
		if words := operandsOf(m); words != nil {
			fmt.Fprintf(&b, "\t\t%q*) words=%q ;;\n", m.name+" ", strings.Join(words, " "))
		}
	}
	b.WriteString(`		esac ;;
	esac
	if [ -n "$words" ]; then
		COMPREPLY=($(compgen -W "$words" -- "$word"))
	else
		COMPREPLY=($(compgen -f -- "$word"))
	fi
}
complete -o filenames -F _completions completions
`)
	return b.String()
}

func zshScript() string {
	var b strings.Builder
	b.WriteString("#compdef completions\n# zsh completion for completions; save it as _completions in a folder of $fpath\n_completions() {\n\tlocal -a commands=(\n")
	for _, m := range commands {
		summary, _ := m.text()
		fmt.Fprintf(&b, "\t\t%s\n", single(m.name+":"+summary))
	}
	b.WriteString("\t)\n\tif (( CURRENT == 2 )); then\n\t\t_describe command commands\n\t\treturn\n\tfi\n\tlocal name=$words[2]\n\tshift words\n\t(( CURRENT-- ))\n\tcase $name in\n")
	for _, m := range commands {
		fmt.Fprintf(&b, "\t%s)\n\t\t_arguments", m.name)
		names, words, usages := flagsOf(m)
		for _, name := range names {
			spec := name + "[" + strings.NewReplacer("[", "(", "]", ")", ":", ",").Replace(usages[name]) + "]"
			switch {
			case words[name] != nil:
				spec += ":value:(" + strings.Join(words[name], " ") + ")"
			case !isSwitch(m, name):
				spec += ":value:_files"
			}
			fmt.Fprintf(&b, " \\\n\t\t\t%s", single(spec))
		}
		if words := operandsOf(m); words != nil {
			fmt.Fprintf(&b, " \\\n\t\t\t%s", single("*:word:("+strings.Join(words, " ")+")"))
		} else {
			b.WriteString(" \\\n\t\t\t'*:file:_files'")
		}
		b.WriteString(" ;;\n")
	}
	b.WriteString("\tesac\n}\ncompdef _completions completions\n")
	return b.String()
}

func fishScript() string {
	var b strings.Builder
	b.WriteString("# fish completion for completions; load it with: completions completion fish | source\n")
	for _, m := range commands {
		summary, _ := m.text()
		fmt.Fprintf(&b, "complete -c completions -n __fish_use_subcommand -f -a %s -d %s\n", m.name, fishQuoted(summary))
	}
	for _, m := range commands {
		names, words, usages := flagsOf(m)
		when := fishQuoted("__fish_seen_subcommand_from " + m.name)
		for _, name := range names {
			fmt.Fprintf(&b, "complete -c completions -n %s -o %s -d %s", when, name[1:], fishQuoted(usages[name]))
			switch {
			case words[name] != nil:
				fmt.Fprintf(&b, " -x -a %s", fishQuoted(strings.Join(words[name], " ")))
			case !isSwitch(m, name):
				b.WriteString(" -r")
			}
			b.WriteString("\n")
		}
		if words := operandsOf(m); words != nil {
			fmt.Fprintf(&b, "complete -c completions -n %s -f -a %s\n", when, fishQuoted(strings.Join(words, " ")))
		}
	}
	return b.String()
}

// isSwitch reports whether a flag takes no value.
func isSwitch(m command, name string) bool {
	value, ok := m.flags().Lookup(name[1:]).Value.(interface{ IsBoolFlag() bool })
	return ok && value.IsBoolFlag()
}

// single quotes a text for a POSIX shell, and fishQuoted for fish.
func single(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

func fishQuoted(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "'"
}
