package house

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/warren-p2p/warren/internal/house/tree"
)

// forbidden lists what only some packages may name, by import path.
var forbidden = []struct {
	pkg     string
	names   []string
	allowed []string
	because string
}{
	{
		pkg:     "time",
		names:   []string{"Now", "Since", "Until"},
		allowed: []string{"internal/clock", "internal/vfs", "internal/netpolicy"},
		because: "take a clock.Clock: tests and simulations decide what time it is",
	},
	{
		pkg: "net",
		names: []string{
			"Dial", "DialTimeout", "DialIP", "DialTCP", "DialUDP", "DialUnix", "Dialer",
			"Listen", "ListenConfig", "ListenIP", "ListenMulticastUDP", "ListenPacket", "ListenTCP",
			"ListenUDP", "ListenUnix", "ListenUnixgram", "FileConn", "FileListener", "FilePacketConn",
			"DefaultResolver", "Resolver", "LookupAddr", "LookupCNAME", "LookupHost", "LookupIP",
			"LookupMX", "LookupNS", "LookupPort", "LookupSRV", "LookupTXT",
			"ResolveIPAddr", "ResolveTCPAddr", "ResolveUDPAddr",
		},
		allowed: []string{"internal/netpolicy"},
		because: "take a netpolicy.Policy: which packets may leave the machine has one answer in one place",
	},
	{
		pkg:     "crypto/tls",
		names:   []string{"Dial", "DialWithDialer", "Dialer", "Listen"},
		allowed: []string{"internal/netpolicy"},
		because: "dial through a netpolicy.Policy and wrap the connection with tls.Client or tls.Server",
	},
	{
		pkg: "net/http",
		names: []string{
			"Get", "Head", "Post", "PostForm", "DefaultClient", "DefaultTransport",
			"ListenAndServe", "ListenAndServeTLS", "DefaultServeMux", "Handle", "HandleFunc",
		},
		because: "they open sockets behind netpolicy's back or share state between all users of net/http",
	},
	{
		pkg:     "os",
		names:   []string{"NewFile"},
		allowed: []string{"internal/vfs", "internal/netpolicy"},
		because: "descriptors are files and sockets, which the ground floor makes of them",
	},
	{
		pkg: "os",
		names: []string{
			"Chdir", "Chmod", "Chown", "Chtimes", "CopyFS", "Create", "CreateTemp", "DirFS", "Lchown",
			"Link", "Lstat", "Mkdir", "MkdirAll", "MkdirTemp", "Open", "OpenFile", "OpenInRoot",
			"OpenRoot", "ReadDir", "ReadFile", "Readlink", "Remove", "RemoveAll", "Rename", "Stat",
			"Symlink", "Truncate", "WriteFile",
		},
		allowed: []string{"internal/vfs"},
		because: "take a vfs.FS: it stays below its root, and tests can crash it, fill it up and make it fail",
	},
	{
		pkg:     "path/filepath",
		names:   []string{"EvalSymlinks", "Glob", "Walk", "WalkDir"},
		allowed: []string{"internal/vfs"},
		because: "take a vfs.FS and vfs.WalkDir: these follow links out of any root",
	},
	{
		pkg:     "os/exec",
		names:   []string{"Command", "CommandContext"},
		allowed: []string{"internal/cli/bench", "internal/hook", "internal/tor", "internal/ledger"},
		because: "a child process is supervised by the package that owns it: tor, the ledger, what users hook on, and bench, which runs itself",
	},
}

// Calls checks that only the ground floor names what touches the machine. Tests
// and what stands beside the house may: they drive the machine on purpose.
func Calls(t *tree.Tree) []string {
	var broken []string
	for _, f := range t.Go {
		if f.Test || floor(f.Dir) == beside {
			continue
		}
		names := importNames(f.AST)
		ast.Inspect(f.AST, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			x, ok := sel.X.(*ast.Ident)
			if !ok {
				return true
			}
			for _, rule := range forbidden {
				if names[x.Name] == rule.pkg && slices.Contains(rule.names, sel.Sel.Name) && !anyBelow(f.Dir, rule.allowed) {
					broken = append(broken, fmt.Sprintf("%s: %s.%s: %s", t.At(sel), rule.pkg, sel.Sel.Name, rule.because))
				}
			}
			return true
		})
	}
	return broken
}

// importNames maps the names a file uses for packages to their paths.
func importNames(f *ast.File) map[string]string {
	names := map[string]string{}
	for _, spec := range f.Imports {
		p, _ := strconv.Unquote(spec.Path.Value) // the parser has checked it
		name := path.Base(p)
		if strings.HasPrefix(name, "v") && strings.Trim(name[1:], "0123456789") == "" {
			name = path.Base(path.Dir(p)) // a major version
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = p
	}
	return names
}
