package house

import (
	"fmt"
	"go/ast"
	"go/token"

	"github.com/warren-p2p/warren/internal/house/tree"
)

// State checks that packages keep no state: nothing happens on import, and two
// nodes in one process share nothing.
func State(t *tree.Tree) []string {
	var broken []string
	vars := packageVars(t)
	for _, f := range t.Go {
		if f.Test {
			continue
		}
		for _, d := range f.AST.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			if fn.Recv == nil && fn.Name.Name == "init" {
				broken = append(broken, t.At(fn)+": func init: wiring is explicit, in the assembly")
			}
			for _, id := range assigned(fn) {
				if vars[f.Dir][id.Name] {
					broken = append(broken, fmt.Sprintf("%s: assigns to %s, a variable of the package: state belongs to a value somebody owns", t.At(id), id.Name))
				}
			}
		}
	}
	return broken
}

// packageVars returns the names of variables at package level by package.
func packageVars(t *tree.Tree) map[string]map[string]bool {
	vars := map[string]map[string]bool{}
	for _, f := range t.Go {
		if f.Test {
			continue
		}
		if vars[f.Dir] == nil {
			vars[f.Dir] = map[string]bool{}
		}
		for _, d := range f.AST.Decls {
			gen, ok := d.(*ast.GenDecl)
			if !ok || gen.Tok != token.VAR {
				continue
			}
			for _, spec := range gen.Specs {
				for _, id := range spec.(*ast.ValueSpec).Names {
					vars[f.Dir][id.Name] = true
				}
			}
		}
	}
	return vars
}

// assigned returns what a function assigns to and does not declare itself.
func assigned(fn *ast.FuncDecl) []*ast.Ident {
	local := map[string]bool{}
	var targets []ast.Expr
	fields := func(l *ast.FieldList) {
		if l == nil {
			return
		}
		for _, f := range l.List {
			for _, id := range f.Names {
				local[id.Name] = true
			}
		}
	}
	fields(fn.Recv)
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncType:
			fields(n.Params)
			fields(n.Results)
		case *ast.ValueSpec:
			for _, id := range n.Names {
				local[id.Name] = true
			}
		case *ast.RangeStmt:
			define(local, n.Tok, n.Key, n.Value)
			if n.Tok == token.ASSIGN {
				targets = append(targets, n.Key, n.Value)
			}
		case *ast.AssignStmt:
			define(local, n.Tok, n.Lhs...)
			if n.Tok != token.DEFINE {
				targets = append(targets, n.Lhs...)
			}
		case *ast.IncDecStmt:
			targets = append(targets, n.X)
		}
		return true
	})
	var ids []*ast.Ident
	for _, x := range targets {
		if id := root(x); id != nil && id.Name != "_" && !local[id.Name] {
			ids = append(ids, id)
		}
	}
	return ids
}

func define(local map[string]bool, tok token.Token, names ...ast.Expr) {
	if tok != token.DEFINE {
		return
	}
	for _, x := range names {
		if id, ok := x.(*ast.Ident); ok {
			local[id.Name] = true
		}
	}
}

// root returns the variable that an assignment to x changes, if there is one.
func root(x ast.Expr) *ast.Ident {
	for {
		switch e := x.(type) {
		case *ast.Ident:
			return e
		case *ast.IndexExpr:
			x = e.X
		case *ast.SelectorExpr:
			x = e.X
		case *ast.StarExpr:
			x = e.X
		case *ast.ParenExpr:
			x = e.X
		default:
			return nil
		}
	}
}
