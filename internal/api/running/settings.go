package running

import (
	"context"
	"net/http"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/config"
)

// Setting is one value that can be set.
type Setting struct {
	Key     string   `json:"key" doc:"Its name, with dots, as limits.up."`
	Value   any      `json:"value" doc:"What it is set to: text, true or false, a number, or a list of texts."`
	Default string   `json:"default,omitempty" doc:"What it is unless something else is said, as it is typed."`
	Origin  string   `json:"origin" enum:"default,file,store,env,flag" doc:"Where the value came from; store is a change through the API."`
	Kind    string   `json:"kind" doc:"What it looks like, in words."`
	Choices []string `json:"choices,omitempty" nullable:"false" doc:"The words it can be, if it is one of some."`
	Live    bool     `json:"live" doc:"Whether it takes effect without a restart."`
	Fixed   bool     `json:"fixed,omitempty" doc:"Whether programs may not change it: it is set in the configuration file alone."`
	Help    string   `json:"help" doc:"What it is, for people."`
}

// Settings are all values that can be set.
type Settings struct {
	Settings []Setting `json:"settings" nullable:"false" doc:"In the order of the configuration file."`
	Restart  []string  `json:"restart" nullable:"false" doc:"Those that were changed and wait for a restart."`
}

func (s Service) registerSettings(r *operation.Registrar) {
	type answer struct{ Body Settings }
	operation.Register(r, operation.Op{
		ID: "get-settings", Method: http.MethodGet, Path: "/settings", Tag: tag, Scope: access.Read, Summary: "Show what can be set, and what it is set to",
		Doc: "Secrets are left out; of URLs the host alone is shown, unless settings may be changed.",
	}, func(ctx context.Context, _ *operation.Empty) (*answer, error) { return &answer{s.Settings(ctx)}, nil })
	type changing struct {
		Body map[string]any `doc:"Values by their keys; null takes back what was set through the API."`
	}
	operation.Register(r, operation.Op{
		ID: "change-settings", Method: http.MethodPatch, Path: "/settings", Tag: tag, Scope: access.Settings, Errors: []problem.Kind{problem.Conflict},
		Summary: "Change settings", Doc: "All that are given, or none. What was set by the environment or a flag cannot be changed.",
	}, func(ctx context.Context, in *changing) (*answer, error) {
		if err := s.Node.ChangeSettings(ctx, in.Body); err != nil {
			return nil, err
		}
		return &answer{s.Settings(ctx)}, nil
	})
}

// Settings returns all that can be set, but secrets, as whoever asks may see it.
func (s Service) Settings(ctx context.Context) Settings {
	c := s.Node.Settings()
	out := Settings{Settings: []Setting{}, Restart: append([]string{}, s.Node.Waiting()...)}
	for _, k := range config.Keys() {
		if k.Secret {
			continue
		}
		out.Settings = append(out.Settings, Setting{
			Key: k.Name, Value: shown(ctx, c.Value(k.Name)), Default: k.Default, Origin: c.Origin(k.Name).String(), Kind: k.Kind.String(),
			Choices: k.Choices, Live: k.Live, Fixed: k.Only, Help: k.Help,
		})
	}
	return out
}

func shown(ctx context.Context, value any) any {
	switch v := value.(type) {
	case string:
		return operation.Shown(ctx, v)
	case []string:
		list := make([]string, len(v))
		for i, one := range v {
			list[i] = operation.Shown(ctx, one)
		}
		return list
	}
	return value
}
