package sharing

import (
	"context"
	"errors"
	"net/http"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/api/problem"
	torrents "github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/share/book"
	"github.com/warren-p2p/warren/internal/share/draft"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/permid"
)

// ShareFinding is what a file tells beside what it is for.
type ShareFinding struct {
	File      string `json:"file"`
	Kind      string `json:"kind" enum:"location,person,device,thumbnail,comment,time,software"`
	What      string `json:"what" doc:"What it is called in the file."`
	Value     string `json:"value"`
	Removable bool   `json:"removable" doc:"Whether a copy can be made without it."`
}

// ShareCaution is what one should look at again.
type ShareCaution struct {
	Kind string `json:"kind" enum:"secret,name,hidden,backup,opaque,unreadable,link,special,many" doc:"Links and what is special are not shared."`
	File string `json:"file,omitempty"`
	Text string `json:"text"`
}

// Draft is what is to be shared.
type Draft struct {
	ID        string         `json:"id"`
	Path      string         `json:"path"`
	Name      string         `json:"name"`
	State     string         `json:"state" enum:"looking,ready,stripping,hashing,done,failed"`
	Size      int64          `json:"size" doc:"Bytes."`
	Files     int            `json:"files"`
	Done      int64          `json:"done" doc:"Bytes of the present step that are done,"`
	Total     int64          `json:"total" doc:"of so many; 0 until that is known, or while another draft has its turn."`
	Findings  []ShareFinding `json:"findings" nullable:"false" doc:"The first 200 of what files tell."`
	Found     int            `json:"found" doc:"All of it."`
	Removable int            `json:"removable" doc:"How much of that can be taken out."`
	Cautions  []ShareCaution `json:"cautions" nullable:"false" doc:"The most urgent first, 100 at most."`
	Error     string         `json:"error,omitempty" doc:"Why it has failed, or is not public."`
	Share     string         `json:"share,omitempty" doc:"What has become of it."`
	Torrent   string         `json:"torrent,omitempty" doc:"Key of the torrent that was made of it instead: download-draft has it."`
}

// NewDraft says what is to be shared.
type NewDraft struct {
	Path string `json:"path" maxLength:"4096" doc:"The full path of a file or folder of the node."`
}

// NewShare says how a draft is shared.
type NewShare struct {
	Identity    string     `json:"identity,omitempty" maxLength:"256" doc:"Which signs: its name or text; the default one if absent."`
	Title       string     `json:"title" maxLength:"800"`
	Description string     `json:"description,omitempty" maxLength:"40000"`
	Tags        []string   `json:"tags,omitempty" maxItems:"32" nullable:"false"`
	Licence     Licence    `json:"licence,omitzero"`
	Provenance  Provenance `json:"provenance,omitzero"`
	Confirmed   bool       `json:"confirmed" doc:"True says that the owner has read what the draft tells."`
	Strip       bool       `json:"strip,omitempty" doc:"Share a copy, from which is taken out what can be."`
	Expires     string     `json:"expires,omitempty" maxLength:"40" doc:"When the private link ends, as in RFC 3339; never if absent."`
	Uses        int        `json:"uses,omitempty" minimum:"0" maximum:"1000000" doc:"How often the link can be redeemed; 0 for any number."`
	Passphrase  string     `json:"passphrase,omitempty" maxLength:"1024" doc:"What is needed to redeem it."`
	Direct      bool       `json:"direct,omitempty" doc:"Whether files can be had over HTTP,"`
	DirectLimit int64      `json:"direct_limit,omitempty" minimum:"0" doc:"up to so many bytes each; 0 is 100 MiB."`
	Publish     bool       `json:"publish,omitempty" doc:"Share it with everybody at once: that needs a licence."`
}

// Drafted is the part of a request that names a draft.
type Drafted struct {
	ID string `path:"id" maxLength:"64" doc:"Of the draft."`
}

type oneDraft struct{ Body Draft }

func (s Service) registerDrafts(r *operation.Registrar) {
	type making struct{ Body NewDraft }
	operation.Register(r, operation.Op{
		ID: "draft-share", Method: http.MethodPost, Path: "/shares/drafts", Tag: tag, Scope: access.Admin, Status: http.StatusCreated,
		Errors: []problem.Kind{problem.Conflict}, Summary: "Look through a file or folder that is to be shared",
		Doc: "The answer does not wait for it: show-draft tells how far it is. Nothing is shared before share-draft.",
	}, func(ctx context.Context, in *making) (*oneDraft, error) {
		audit.Say(ctx, "draft-share", in.Body.Path)
		return shownDraft(s.Draft(in.Body.Path))
	})
	operation.Register(r, operation.Op{
		ID: "show-draft", Method: http.MethodGet, Path: "/shares/drafts/{id}", Tag: tag, Scope: access.Admin,
		Errors: []problem.Kind{problem.NotFound}, Summary: "Show how far a draft is, and what was found",
	}, func(_ context.Context, in *Drafted) (*oneDraft, error) { return shownDraft(s.Drafts.Get(in.ID)) })
	operation.Register(r, operation.Op{
		ID: "drop-draft", Method: http.MethodDelete, Path: "/shares/drafts/{id}", Tag: tag, Scope: access.Admin, Status: http.StatusNoContent,
		Errors: []problem.Kind{problem.NotFound}, Summary: "Drop a draft, whatever it is at", Doc: "What has become a share stays one.",
	}, func(_ context.Context, in *Drafted) (*operation.Empty, error) { return nil, s.Drafts.Drop(in.ID) })
	type sharing struct {
		Drafted
		Body NewShare
	}
	operation.Register(r, operation.Op{
		ID: "share-draft", Method: http.MethodPost, Path: "/shares/drafts/{id}/share", Tag: tag, Scope: access.Admin,
		Errors: []problem.Kind{problem.NotFound, problem.Conflict}, Summary: "Share a draft under a private link",
		Doc: "The answer does not wait until it is hashed: show-draft tells how far it is, and which share it has become.",
	}, func(_ context.Context, in *sharing) (*oneDraft, error) { return shownDraft(s.Share(in.ID, in.Body)) })
}

func shownDraft(d draft.Draft, err error) (*oneDraft, error) {
	if err != nil {
		return nil, err
	}
	return &oneDraft{DraftOf(d)}, nil
}

// Draft begins to look through a file or folder.
func (s Service) Draft(path string) (draft.Draft, error) { return s.Drafts.Begin(path) }

// Share makes a share of a draft.
func (s Service) Share(id string, n NewShare) (draft.Draft, error) {
	who, err := s.signer(n.Identity)
	if err != nil {
		return draft.Draft{}, err
	}
	from, err := n.Provenance.read()
	if err != nil {
		return draft.Draft{}, err
	}
	end, err := ends(n.Expires)
	if err != nil {
		return draft.Draft{}, err
	}
	return s.Drafts.Share(id, draft.Terms{
		Said: book.Said{
			Title: n.Title, Description: n.Description, Tags: n.Tags, Licence: record.Licence(n.Licence), Provenance: from,
		},
		Identity: who, Confirmed: n.Confirmed, Strip: n.Strip, Publish: n.Publish, Expires: end, Uses: n.Uses, Passphrase: n.Passphrase,
		Direct: n.Direct, DirectLimit: n.DirectLimit,
	})
}

// signer returns an identity that can sign now, the default one if none is named.
func (s Service) signer(name string) (permid.ID, error) {
	for _, i := range s.Identities.List() {
		if i.Name == name || i.ID.String() == name || name == "" && i.Default {
			_, err := s.Identities.Use(i.ID)
			return i.ID, err
		}
	}
	return permid.ID{}, &record.FieldError{Field: "identity", Reason: "there is no such identity"}
}

// DraftOf returns a draft as the API shows it.
func DraftOf(d draft.Draft) Draft {
	out := Draft{
		ID: d.ID, Path: d.Path, Name: words.Plain(d.Name), State: string(d.State), Size: d.Size, Files: d.Files, Done: d.Done, Total: d.Total,
		Findings: make([]ShareFinding, 0, len(d.Findings)), Found: d.Found, Removable: d.Removable, Cautions: make([]ShareCaution, 0, len(d.Cautions)),
	}
	for _, f := range d.Findings {
		out.Findings = append(out.Findings, ShareFinding{f.File, string(f.Kind), f.What, f.Value, f.Removable})
	}
	for _, c := range d.Cautions {
		out.Cautions = append(out.Cautions, ShareCaution{string(c.Kind), c.File, c.Text})
	}
	if d.Err != nil && !errors.Is(d.Err, context.Canceled) {
		out.Error = words.Plain(d.Err.Error())
	}
	if d.Share != nil {
		out.Share = d.Share.ID.String()
	}
	if d.Torrent != nil {
		out.Torrent = torrents.Key(d.Torrent.Hashes())
	}
	return out
}
