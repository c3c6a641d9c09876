package session

import (
	"context"

	"github.com/warren-p2p/warren/internal/compat/transmission/message"
	"github.com/warren-p2p/warren/internal/library"
)

// Groups answers group_get: the categories that are named, or all.
func (s *Session) Groups(a message.Args) message.Object {
	wanted := make(map[string]bool)
	if name, ok := a.String("name"); ok {
		wanted[name] = true
	}
	names, _ := a.Strings("name")
	for _, name := range names {
		wanted[name] = true
	}
	list := []message.Object{}
	for _, c := range s.cfg.Library.Categories() {
		if a.Has("name") && !wanted[c.Name] {
			continue
		}
		g := message.Object{Style: message.Kebab}
		g.Set("honors_session_limits", true)
		g.Set("name", c.Name)
		g.Set("speed_limit_down", kilo(c.DownLimit))
		g.Set("speed_limit_down_enabled", c.DownLimit > 0)
		g.Set("speed_limit_up", kilo(c.UpLimit))
		g.Set("speed_limit_up_enabled", c.UpLimit > 0)
		list = append(list, g)
	}
	o := message.Object{Style: message.Kebab}
	o.Set("group", list)
	return o
}

// SetGroup answers group_set: it makes a category or changes the limits of one.
func (s *Session) SetGroup(ctx context.Context, a message.Args) error {
	name, _ := a.String("name")
	if name == "" {
		return message.Refuse(message.CodeInvalidParams, "No group name given")
	}
	c := library.Category{Name: name}
	for _, one := range s.cfg.Library.Categories() {
		if one.Name == name {
			c = one
		}
	}
	for key, to := range map[string]*int64{"speed_limit_up": &c.UpLimit, "speed_limit_down": &c.DownLimit} {
		n, given := a.Int(key)
		on, switched := a.Bool(key + "_enabled")
		switch {
		case switched && !on:
			*to = 0
		case given && (on || *to > 0):
			*to = max(n, 1) * kB
		}
	}
	if err := s.cfg.Library.SetCategory(ctx, c); err != nil {
		return message.Refuse(message.CodeInvalidParams, err.Error())
	}
	return nil
}
