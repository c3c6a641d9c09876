// Code generated from docs/openapi.json by internal/house/clientgen. DO NOT EDIT.

package warren

import (
	"context"
)

// Categories is an object of the API.
type Categories struct {
	// In the order of their names.
	Categories []Category `json:"categories"`
}

// Category is an object of the API.
type Category struct {
	// Folder that content of its torrents goes to; empty for the default.
	Dir string `json:"dir"`

	// Bytes a second for all of them together, 0 for no limit.
	DownLimit int64 `json:"down_limit"`

	// What it is called.
	Name string `json:"name"`

	// Bytes a second for all of them together, 0 for no limit.
	UpLimit int64 `json:"up_limit"`
}

// CategorySettings is an object of the API.
type CategorySettings struct {
	// Full path of the folder that content of its torrents goes to; empty for the default.
	Dir *string `json:"dir,omitzero"`

	// Bytes a second for all of them together, 0 for no limit.
	DownLimit *int64 `json:"down_limit,omitzero"`

	// Bytes a second for all of them together, 0 for no limit.
	UpLimit *int64 `json:"up_limit,omitzero"`
}

// Label is an object of the API.
type Label struct {
	// How many torrents have it.
	Count int64 `json:"count"`

	// Bytes a second for all of them together, 0 for no limit.
	DownLimit int64 `json:"down_limit"`

	// The word.
	Name string `json:"name"`

	// Bytes a second for all of them together, 0 for no limit.
	UpLimit int64 `json:"up_limit"`
}

// LabelSettings is an object of the API.
type LabelSettings struct {
	// Bytes a second for all of them together, 0 for no limit.
	DownLimit *int64 `json:"down_limit,omitzero"`

	// Bytes a second for all of them together, 0 for no limit.
	UpLimit *int64 `json:"up_limit,omitzero"`
}

// Labels is an object of the API.
type Labels struct {
	// In their order.
	Labels []Label `json:"labels"`
}

// ListCategories: List categories.
func (c *Client) ListCategories(ctx context.Context) (out Categories, err error) {
	err = c.do(ctx, "GET", "/api/v1/categories", nil, nil, &out)
	return out, err
}

// RemoveCategory: Remove a category. Its torrents stay, and have none then.
func (c *Client) RemoveCategory(ctx context.Context, name string) error {
	return c.do(ctx, "DELETE", "/api/v1/categories/"+escape(name), nil, nil, nil)
}

// SetCategory: Make a category, or change one.
func (c *Client) SetCategory(ctx context.Context, name string, body CategorySettings) (out Categories, err error) {
	err = c.do(ctx, "PUT", "/api/v1/categories/"+escape(name), nil, body, &out)
	return out, err
}

// ListLabels: List labels.
func (c *Client) ListLabels(ctx context.Context) (out Labels, err error) {
	err = c.do(ctx, "GET", "/api/v1/labels", nil, nil, &out)
	return out, err
}

// RemoveLabel: Take a label off all torrents, and forget it.
func (c *Client) RemoveLabel(ctx context.Context, name string) error {
	return c.do(ctx, "DELETE", "/api/v1/labels/"+escape(name), nil, nil, nil)
}

// SetLabel: Make a label, or change the limits of one.
func (c *Client) SetLabel(ctx context.Context, name string, body LabelSettings) (out Labels, err error) {
	err = c.do(ctx, "PUT", "/api/v1/labels/"+escape(name), nil, body, &out)
	return out, err
}
