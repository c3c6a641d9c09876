// Package groups is the methods of the WebAPI for categories, and for tags, which are
// labels here.
package groups

import (
	"net/http"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/internal/compat/qbittorrent/call"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/form"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/pick"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/library/record"
)

// Groups answers for the methods of categories and tags.
type Groups struct{ Library pick.Library }

// Methods returns the methods by name.
func (g Groups) Methods() map[string]call.Method {
	return map[string]call.Method{
		"categories": call.Get(g.categories), "createCategory": call.Post(g.createCategory), "editCategory": call.Post(g.editCategory),
		"removeCategories": call.Post(g.removeCategories), "setCategory": call.Post(g.setCategory),
		"tags": call.Get(g.tags), "createTags": call.Post(g.createTags), "deleteTags": call.Post(g.deleteTags),
		"addTags": call.Post(g.addTags), "removeTags": call.Post(g.removeTags), "setTags": call.Post(g.setTags),
	}
}

// Category is a category as it is listed.
type Category struct {
	Name     string `json:"name"`
	SavePath string `json:"savePath"`
}

// Categories returns all categories by name.
func (g Groups) Categories() map[string]Category {
	all := make(map[string]Category)
	for _, c := range g.Library.Categories() {
		all[c.Name] = Category{c.Name, c.Dir}
	}
	return all
}

func (g Groups) categories(c *call.Call) error { return c.JSON(g.Categories()) }

// categoryOf returns the category that a call names, as it is and as it is wanted.
func (g Groups) categoryOf(c *call.Call) (now, want library.Category, exists bool, err error) {
	if err := c.Need("category"); err != nil {
		return now, want, false, err
	}
	want.Name = c.Form.Text("category")
	if want.Name == "" {
		return now, want, false, &form.Refusal{Status: http.StatusBadRequest, Text: "Category cannot be empty"}
	}
	if !ValidName(want.Name) {
		return now, want, false, call.Conflict("Incorrect category name")
	}
	for _, have := range g.Library.Categories() {
		if have.Name == want.Name {
			now, exists = have, true
			want.UpLimit, want.DownLimit = have.UpLimit, have.DownLimit
		}
	}
	if dir := c.Form.Text("savePath"); dir != "" {
		want.Dir, err = g.Library.Folder(dir)
	}
	return now, want, exists, err
}

// ValidName reports whether a name is one of a category, or of one in another.
func ValidName(name string) bool {
	return !strings.HasPrefix(name, "/") && !strings.HasSuffix(name, "/") && !strings.Contains(name, "//") && !strings.Contains(name, `\`)
}

func (g Groups) createCategory(c *call.Call) error {
	_, want, exists, err := g.categoryOf(c)
	switch {
	case err != nil:
		return err
	case exists:
		return call.Conflict("Unable to create category")
	}
	if err := g.Library.SetCategory(c.Context(), want); err != nil {
		return err
	}
	return c.Done()
}

func (g Groups) editCategory(c *call.Call) error {
	now, want, exists, err := g.categoryOf(c)
	switch {
	case err != nil:
		return err
	case !exists || now == want: // to change nothing is refused there as well
		return call.Conflict("Unable to edit category")
	}
	if err := g.Library.SetCategory(c.Context(), want); err != nil {
		return err
	}
	return c.Done()
}

func (g Groups) removeCategories(c *call.Call) error {
	if err := c.Need("categories"); err != nil {
		return err
	}
	for _, name := range c.List("categories", "\n") {
		if err := g.Library.RemoveCategory(c.Context(), name); err != nil {
			return err
		}
	}
	return c.Done()
}

func (g Groups) setCategory(c *call.Call) error {
	if err := c.Need("hashes", "category"); err != nil {
		return err
	}
	name := c.Form.Text("category")
	known := slices.ContainsFunc(g.Library.Categories(), func(have library.Category) bool { return have.Name == name })
	if name != "" && !known {
		return call.Conflict("Incorrect category name")
	}
	return g.Library.Change(c, func(library.View) library.Change { return library.Change{Category: &name} })
}

// Tags returns all tags in their order.
func (g Groups) Tags() []string {
	list := []string{}
	for _, l := range g.Library.Labels() {
		list = append(list, l.Name)
	}
	return list
}

func (g Groups) tags(c *call.Call) error { return c.JSON(g.Tags()) }

func (g Groups) createTags(c *call.Call) error {
	if err := c.Need("tags"); err != nil {
		return err
	}
	have := g.Tags()
	for _, name := range c.List("tags", ",") {
		if slices.Contains(have, name) {
			continue // it may have limits
		}
		if err := g.Library.SetLabel(c.Context(), record.Label{Name: name}); err != nil {
			return err
		}
	}
	return c.Done()
}

func (g Groups) deleteTags(c *call.Call) error {
	if err := c.Need("tags"); err != nil {
		return err
	}
	for _, name := range c.List("tags", ",") {
		if err := g.Library.RemoveLabel(c.Context(), name); err != nil {
			return err
		}
	}
	return c.Done()
}

func (g Groups) addTags(c *call.Call) error {
	if err := c.Need("hashes", "tags"); err != nil {
		return err
	}
	tags := c.List("tags", ",")
	return g.Library.Change(c, func(library.View) library.Change { return library.Change{AddLabels: tags} })
}

// removeTags takes tags off torrents: all of them if none is named.
func (g Groups) removeTags(c *call.Call) error {
	tags := c.List("tags", ",")
	return g.Library.Change(c, func(library.View) library.Change {
		if len(tags) == 0 {
			return library.Change{Labels: &[]string{}}
		}
		return library.Change{RemoveLabels: tags}
	})
}

// setTags gives torrents these tags and no others.
func (g Groups) setTags(c *call.Call) error {
	if err := c.Need("hashes", "tags"); err != nil {
		return err
	}
	tags := c.List("tags", ",")
	return g.Library.Change(c, func(library.View) library.Change { return library.Change{Labels: &tags} })
}
