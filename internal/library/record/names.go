package record

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// InputError reports something that cannot be as it is wanted.
type InputError struct{ Field, Problem string }

func (e *InputError) Error() string { return e.Field + ": " + e.Problem }

const maxName = 200 // bytes of the name of a category, a label or a torrent

// CheckName refuses names that cannot be shown in a line.
func CheckName(field, name string) error {
	switch {
	case strings.TrimSpace(name) == "":
		return Input(field, "it is empty")
	case len(name) > maxName:
		return Input(field, "it is longer than %d bytes", maxName)
	case !utf8.ValidString(name), strings.ContainsFunc(name, unicode.IsControl):
		return Input(field, "it has characters that cannot be shown")
	}
	return nil
}

// CleanLabels sorts labels and removes doublets; the result is not nil.
func CleanLabels(list []string) ([]string, error) {
	labels := make([]string, 0, len(list))
	for _, name := range list {
		if err := CheckName("labels", name); err != nil {
			return nil, err
		}
		if strings.Contains(name, ",") {
			return nil, Input("labels", "%q has a comma, which separates them", name)
		}
		labels = append(labels, strings.TrimSpace(name))
	}
	slices.Sort(labels)
	return slices.Compact(labels), nil
}

// Input returns an [*InputError].
func Input(field, format string, args ...any) error {
	return &InputError{Field: field, Problem: fmt.Sprintf(format, args...)}
}
