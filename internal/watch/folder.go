package watch

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// ParseFolder reads a folder as configurations have it: its path, and what is said of
// it, with | in between, such as
//
//	/srv/in | category=tv | labels=a,b | dir=/srv/tv | paused | then=move | to=/srv/done
//
// Paths may be relative to something that the caller knows.
func ParseFolder(text string) (f Folder, err error) {
	for i, part := range strings.Split(text, "|") {
		part = strings.TrimSpace(part)
		key, value, _ := strings.Cut(part, "=")
		switch {
		case i == 0:
			f.Path = part
		case part == "paused", part == "started":
			paused := part == "paused"
			f.Paused = &paused
		case key == "category":
			f.Category = value
		case key == "labels":
			f.Labels = strings.Split(value, ",")
		case key == "dir":
			f.Dir = value
		case key == "then":
			f.Then = Then(value)
		case key == "to":
			f.To = value
		default:
			return f, fmt.Errorf("%q says nothing of a folder: want category=, labels=, dir=, paused, started, then= or to=", part)
		}
	}
	if f.Path == "" {
		return f, fmt.Errorf("%q names no folder", text)
	}
	return f, nil
}

// ParseFolders reads all folders of a configuration; path makes the paths in it full
// ones.
func ParseFolders(texts []string, path func(string) string) (list []Folder, err error) {
	for _, text := range texts {
		f, err := ParseFolder(text)
		if err != nil {
			return nil, err
		}
		f.Path = path(f.Path)
		for _, at := range []*string{&f.Dir, &f.To} {
			if *at != "" {
				*at = path(*at)
			}
		}
		list = append(list, f)
	}
	return list, nil
}

// Text returns what ParseFolder reads. The error says what cannot be written so.
func (f Folder) Text() (string, error) {
	parts := []string{f.Path}
	add := func(key, value string) {
		if value != "" {
			parts = append(parts, key+"="+value)
		}
	}
	add("category", f.Category)
	add("labels", strings.Join(f.Labels, ","))
	add("dir", f.Dir)
	if f.Paused != nil && *f.Paused {
		parts = append(parts, "paused")
	} else if f.Paused != nil {
		parts = append(parts, "started")
	}
	add("then", string(f.Then))
	add("to", f.To)
	text := strings.Join(parts, " | ")
	read, err := ParseFolder(text)
	if err != nil {
		return "", err
	}
	if read.Path != f.Path || read.Category != f.Category || read.Dir != f.Dir || read.To != f.To || read.Then != f.Then || !slices.Equal(read.Labels, f.Labels) {
		return "", fmt.Errorf("%q: what is said of a folder has no | in it, no spaces around it, and no commas in labels", text)
	}
	return text, nil
}

// Check says what of some folders cannot be watched.
func Check(list []Folder) error {
	if len(list) > maxFolders {
		return fmt.Errorf("%d watch folders are too many: at most %d", len(list), maxFolders)
	}
	for i, f := range list {
		if err := f.check(); err != nil {
			return fmt.Errorf("watch folder %q: %w", f.Path, err)
		}
		if slices.ContainsFunc(list[:i], func(o Folder) bool { return filepath.Clean(o.Path) == filepath.Clean(f.Path) }) {
			return fmt.Errorf("watch folder %q: it is named twice", f.Path)
		}
	}
	return nil
}

func (f Folder) check() error {
	switch f.Then {
	case "", Rename, Delete:
	case Move:
		if !filepath.IsAbs(f.To) || filepath.Clean(f.To) == filepath.Clean(f.Path) {
			return fmt.Errorf("%q is no full path of another folder to move files to", f.To)
		}
	default:
		return fmt.Errorf("%q is nothing that becomes of files: want %s, %s or %s", f.Then, Rename, Move, Delete)
	}
	if !filepath.IsAbs(f.Path) || f.Dir != "" && !filepath.IsAbs(f.Dir) {
		return errors.New("want full paths")
	}
	return nil
}
