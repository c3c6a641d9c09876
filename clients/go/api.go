// Code generated from docs/openapi.json by internal/house/clientgen. DO NOT EDIT.

package warren

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"time"
)

// Ptr returns a pointer to a value, for properties of requests that may be left out.
func Ptr[T any](v T) *T { return &v }

var _ time.Time

// AskingBody is an object of the API.
type AskingBody struct {
	// What the backup is encrypted under; not at all if absent.
	Passphrase *string `json:"passphrase,omitzero"`
}

// Attr is an object of the API.
type Attr struct {
	// What it is about.
	Key string `json:"key"`

	// What it says.
	Value string `json:"value"`
}

// Audit is an object of the API.
type Audit struct {
	// The newest first.
	Entries []Entry `json:"entries"`
}

// BlockList is an object of the API.
type BlockList struct {
	// When it was read last; left out if it never was.
	Loaded time.Time `json:"loaded"`

	// Full path of a file, or a URL; of that the host alone, unless settings may be
	// changed.
	Location string `json:"location"`

	// Why that has failed since, if it has: what was read before counts on.
	Problem string `json:"problem"`

	// How many ranges of addresses it has.
	Ranges int64 `json:"ranges"`

	// How many lines were not understood.
	Skipped int64 `json:"skipped"`
}

// BlockLists is an object of the API.
type BlockLists struct {
	// In the order in which they were added.
	Lists []BlockList `json:"lists"`
}

// Blocked is an object of the API.
type Blocked struct {
	// Such as local network, or a kind of traffic; everything if the interface is away.
	What string `json:"what"`

	// In a sentence.
	Why string `json:"why"`
}

// Bulk is an object of the API.
type Bulk struct {
	// What is done with each of them, as by the operation of that name. One of pause,
	// resume, recheck, reannounce, remove, change.
	Action string `json:"action"`

	// With change: what is to be different.
	Change *Patch `json:"change,omitzero"`

	// With remove: whether the files are deleted as well.
	Content *bool `json:"content,omitzero"`

	// Info-hashes or ids of the torrents.
	Keys []string `json:"keys"`
}

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

// Counts is an object of the API.
type Counts struct {
	// How many send or receive at this moment.
	Active int64 `json:"active"`

	// How many are of each category; those without one under the empty name.
	Categories map[string]int64 `json:"categories"`

	// How many have each label.
	Labels map[string]int64 `json:"labels"`

	// How many are in each state; none is left out.
	States map[string]int64 `json:"states"`

	// How many there are.
	Total int64 `json:"total"`

	// How many have each tracker, by its host; those without one under the empty name.
	Trackers map[string]int64 `json:"trackers"`
}

// Delta is an object of the API.
type Delta struct {
	// Torrents that are new or stand differently, as they stand now.
	Changed []Torrent `json:"changed"`

	// Whether what was asked from is not known any more: then all torrents are in changed,
	// and others are gone.
	Full bool `json:"full"`

	// Whether categories or labels have changed.
	Groups bool `json:"groups"`

	// Ids of torrents that are gone.
	Removed []int64 `json:"removed"`

	// To ask from next time.
	Revision int64 `json:"revision"`

	// All torrents together, if something has changed.
	Totals Totals `json:"totals"`
}

// Done is an object of the API.
type Done struct {
	// How many torrents it was done with.
	Done int64 `json:"done"`

	// Those where it failed.
	Failed []Failed `json:"failed"`
}

// Draft is an object of the API.
type Draft struct {
	// The most urgent first, 100 at most.
	Cautions []ShareCaution `json:"cautions"`

	// Bytes of the present step that are done,
	Done int64 `json:"done"`

	// Why it has failed, or is not public.
	Error string `json:"error"`

	//
	Files int64 `json:"files"`

	// The first 200 of what files tell.
	Findings []ShareFinding `json:"findings"`

	// All of it.
	Found int64 `json:"found"`

	//
	ID string `json:"id"`

	//
	Name string `json:"name"`

	//
	Path string `json:"path"`

	// How much of that can be taken out.
	Removable int64 `json:"removable"`

	// What has become of it.
	Share string `json:"share"`

	// Bytes.
	Size int64 `json:"size"`

	// One of looking, ready, stripping, hashing, done, failed.
	State string `json:"state"`

	// Key of the torrent that was made of it instead: download-draft has it.
	Torrent string `json:"torrent"`

	// of so many; 0 until that is known, or while another draft has its turn.
	Total int64 `json:"total"`
}

// Entry is an object of the API.
type Entry struct {
	// When.
	At time.Time `json:"at"`

	// Why it failed.
	Failure string `json:"failure"`

	// Its number, higher than those before.
	ID int64 `json:"id"`

	// Status of HTTP that it was answered with.
	Status int64 `json:"status"`

	// What it was done to.
	Target string `json:"target"`

	// How that was shown. One of key, cookie, token, none.
	Way string `json:"way"`

	// The operation.
	What string `json:"what"`

	// Name of the token, or owner.
	Who string `json:"who"`
}

// ErrorDetail is an object of the API.
type ErrorDetail struct {
	// Where the error occurred, e.g. 'body.items[3].tags' or 'path.thing-id'
	Location string `json:"location"`

	// Error message text
	Message string `json:"message"`

	// The value at the given location
	Value any `json:"value"`
}

// ProblemDocument is an object of the API.
type ProblemDocument struct {
	// A human-readable explanation specific to this occurrence of the problem.
	Detail string `json:"detail"`

	// Optional list of individual error details
	Errors []ErrorDetail `json:"errors"`

	// A URI reference that identifies the specific occurrence of the problem.
	Instance string `json:"instance"`

	// HTTP status code
	Status int64 `json:"status"`

	// A short, human-readable summary of the problem type. This value should not change
	// between occurrences of the error.
	Title string `json:"title"`

	// A URI reference to human-readable documentation for the error.
	Type string `json:"type"`
}

// Event is an object of the API.
type Event struct {
	// Data of the event delta.
	Delta *Delta `json:"delta"`

	// Data of the event ready.
	Ready *Ready `json:"ready"`

	// Data of the event snapshot.
	Snapshot *Page `json:"snapshot"`
}

// ExportingBody is an object of the API.
type ExportingBody struct {
	// What the copy lies under; none if absent.
	Passphrase *string `json:"passphrase,omitzero"`
}

// Failed is an object of the API.
type Failed struct {
	// As it was given.
	Key string `json:"key"`

	// Type of the problem.
	Type string `json:"type"`

	// Why, for people.
	Why string `json:"why"`
}

// Family is an object of the API.
type Family struct {
	// When somebody connected last.
	Arrived time.Time `json:"arrived"`

	// Why that is so: asking, closed, offline, connected, own-address, mapped, firewall,
	// refused, not-asked, carrier, no-router or two-routers.
	Cause string `json:"cause"`

	// Why the router has not passed on all ports.
	Error string `json:"error"`

	// Where others reach us, as far as is known.
	External string `json:"external"`

	// Address of this machine by which packets leave.
	Local string `json:"local"`

	// By which the router was asked for the port: PCP, NAT-PMP or UPnP.
	Method string `json:"method"`

	// The next hop.
	Router string `json:"router"`

	// As whom others see us.
	Seen string `json:"seen"`

	// Whether others can connect: yes if somebody on the Internet has. One of unknown,
	// unproven, probably, yes.
	State string `json:"state"`
}

// Feed is an object of the API.
type Feed struct {
	// When it was fetched last, or that was tried.
	Checked time.Time `json:"checked"`

	// When it is fetched next; left out if that is as soon as can be.
	Due time.Time `json:"due"`

	// Seconds between two looks, 0 for what feeds.interval says.
	Every int64 `json:"every"`

	// How often that has failed in a row.
	Failures int64 `json:"failures"`

	// Its number.
	ID int64 `json:"id"`

	// How many items of it lie here.
	Items int64 `json:"items"`

	// As the user calls it.
	Name string `json:"name"`

	// Why it has failed the last time, if it has.
	Problem string `json:"problem"`

	// As it calls itself.
	Title string `json:"title"`

	// How many of them nobody has marked as read.
	Unread int64 `json:"unread"`

	// Where it is; the host alone, unless settings may be changed.
	URL string `json:"url"`
}

// FeedItem is an object of the API.
type FeedItem struct {
	// Whether the feed has it still.
	Current bool `json:"current"`

	// Number of the feed.
	Feed int64 `json:"feed"`

	// Its number.
	ID int64 `json:"id"`

	// Where its torrent is, if it says so; left out unless settings may be changed.
	Link string `json:"link"`

	// Where people read about it; left out likewise.
	Page string `json:"page"`

	// Why it was not added, or not by us.
	Problem string `json:"problem"`

	// As the feed says.
	Published time.Time `json:"published"`

	// Whether it was marked as read.
	Read bool `json:"read"`

	// When it is tried again at the earliest.
	Retry time.Time `json:"retry"`

	// By which rule it was added; empty if that was done by hand.
	Rule string `json:"rule"`

	// When it was seen first.
	Seen time.Time `json:"seen"`

	// Bytes of its content, 0 if that is not known.
	Size int64 `json:"size"`

	// What became of it: nothing, its torrent was added, or that was given up. One of new,
	// added, failed.
	State string `json:"state"`

	// What it is called.
	Title string `json:"title"`

	// How often that was tried.
	Tries int64 `json:"tries"`
}

// FeedItemPatch is an object of the API.
type FeedItemPatch struct {
	// Whether it counts as read.
	Read bool `json:"read"`
}

// FeedItems is an object of the API.
type FeedItems struct {
	// The newest first.
	Items []FeedItem `json:"items"`
}

// FeedList is an object of the API.
type FeedList struct {
	// In the order in which they were added.
	Feeds []Feed `json:"feeds"`

	// Whether feeds are read at all: feeds.on.
	On bool `json:"on"`
}

// FeedPatch is an object of the API.
type FeedPatch struct {
	// Seconds between two looks, at least 300; 0 for what feeds.interval says.
	Every *int64 `json:"every,omitzero"`

	// What to call it.
	Name *string `json:"name,omitzero"`

	// Where it is.
	URL *string `json:"url,omitzero"`
}

// FeedRule is an object of the API.
type FeedRule struct {
	// When something was fetched by it last.
	Last time.Time `json:"last"`

	// What it is called. Rules are asked in the order of their names.
	Name string `json:"name"`

	// What it wants.
	Rule FeedRuleSettings `json:"rule"`
}

// FeedRuleName is an object of the API.
type FeedRuleName struct {
	// What it is called.
	Name string `json:"name"`
}

// FeedRuleSettings is an object of the API.
type FeedRuleSettings struct {
	// Category of what it fetches.
	Category *string `json:"category,omitzero"`

	// Full path of the folder that content goes to; empty for the default.
	Dir *string `json:"dir,omitzero"`

	// Which episodes are wanted, as S01, S01E05-E10, S01E05- or 1x2;8-15;30-; empty for
	// all.
	Episodes *string `json:"episodes,omitzero"`

	// Words that it must not have, in the same way.
	Exclude *string `json:"exclude,omitzero"`

	// URLs of the feeds it is for; none are all.
	Feeds []string `json:"feeds,omitzero"`

	// For how many days nothing else is fetched once something was.
	IgnoreDays *int64 `json:"ignore_days,omitzero"`

	// Words that a title must have: spaces mean and, | means or, * and ? stand for any
	// characters.
	Include *string `json:"include,omitzero"`

	// Labels of what it fetches.
	Labels []string `json:"labels,omitzero"`

	// Bytes; what is larger is not wanted. 0 for no bound.
	MaxSize *int64 `json:"max_size,omitzero"`

	// Bytes; what is smaller is not wanted.
	MinSize *int64 `json:"min_size,omitzero"`

	// Whether it is kept without being asked.
	Off *bool `json:"off,omitzero"`

	// Whether each episode is fetched once, and once more if it was repaired.
	Once *bool `json:"once,omitzero"`

	// Whether it waits for being resumed; as queue.add-paused says if this is left out.
	Paused *bool `json:"paused,omitzero"`

	// Whether both are regular expressions (RE2) instead.
	Regexp *bool `json:"regexp,omitzero"`
}

// FeedRules is an object of the API.
type FeedRules struct {
	// In the order of their names, in which they are asked.
	Rules []FeedRule `json:"rules"`
}

// FeedTrial is an object of the API.
type FeedTrial struct {
	// At most so many items are looked at, the newest.
	Limit *int64 `json:"limit,omitzero"`

	// Of a rule that is kept: it is tried if rule is left out, and otherwise what was
	// fetched by it counts.
	Name *string `json:"name,omitzero"`

	// A rule that need not be kept.
	Rule *FeedRuleSettings `json:"rule,omitzero"`
}

// FeedVerdict is an object of the API.
type FeedVerdict struct {
	// The item.
	Item FeedItem `json:"item"`

	// Whether the rule would fetch it.
	Wanted bool `json:"wanted"`

	// Why not, if it would not.
	Why string `json:"why"`
}

// FeedVerdicts is an object of the API.
type FeedVerdicts struct {
	// Of the items in feeds that it is for, the newest first.
	Verdicts []FeedVerdict `json:"verdicts"`
}

// FetchOptions is an object of the API.
type FetchOptions struct {
	// Its category.
	Category *string `json:"category,omitzero"`

	// Full path of the folder that its content goes to; empty for the default.
	Dir *string `json:"dir,omitzero"`

	// Its labels.
	Labels []string `json:"labels,omitzero"`

	// Whether it waits for being resumed; as queue.add-paused says if this is left out.
	Paused *bool `json:"paused,omitzero"`
}

// File is an object of the API.
type File struct {
	// Bytes that are there and verified.
	Done int64 `json:"done"`

	// The piece after the last one.
	End int64 `json:"end"`

	// The first piece that has some of it.
	First int64 `json:"first"`

	// Number of the file in the torrent, from 0.
	Index int64 `json:"index"`

	// Where its first byte is in the torrent.
	Offset int64 `json:"offset"`

	// Where it is below the folder of the torrent, with slashes.
	Path string `json:"path"`

	// Whether it is a film or sound by its name: list-streams says where players read it.
	Playable bool `json:"playable"`

	// How much it is wanted; skip is not fetched. One of skip, low, normal, high.
	Priority string `json:"priority"`

	// Bytes.
	Size int64 `json:"size"`
}

// Files is an object of the API.
type Files struct {
	// Padding left out.
	Files []File `json:"files"`
}

// Folder is an object of the API.
type Folder struct {
	// Folders first, by name.
	Entries []FolderEntry `json:"entries"`

	// Absent at the root of the disk.
	Parent string `json:"parent"`

	//
	Path string `json:"path"`

	// There are more than the 5,000 that are listed.
	Truncated bool `json:"truncated"`
}

// FolderEntry is an object of the API.
type FolderEntry struct {
	//
	Folder bool `json:"folder"`

	//
	Modified time.Time `json:"modified"`

	//
	Name string `json:"name"`

	//
	Path string `json:"path"`

	// Bytes of a file.
	Size int64 `json:"size"`
}

// Goal is an object of the API.
type Goal struct {
	// Seconds of seeding without sending anything; 0 is the default, less is no goal.
	IdleTime *int64 `json:"idle_time,omitzero"`

	// Bytes sent for each byte of the content; 0 is the default, less is no goal.
	Ratio *float64 `json:"ratio,omitzero"`

	// Seconds of seeding; 0 is the default, less is no goal.
	SeedTime *int64 `json:"seed_time,omitzero"`

	// What happens then. One of pause, remove, remove-content.
	Then *string `json:"then,omitzero"`
}

// Hook is an object of the API.
type Hook struct {
	// Of the setting, as complete for hooks.complete.
	Name string `json:"name"`

	// What it is told of: added, completed, failed, removed.
	On []string `json:"on"`

	// Full path of the program, unless it is a server.
	Program string `json:"program"`

	// Host of the server, unless it is a program.
	Server string `json:"server"`

	// Seconds it may take.
	Timeout int64 `json:"timeout"`
}

// HookList is an object of the API.
type HookList struct {
	// In the order in which they are told.
	Hooks []Hook `json:"hooks"`

	// Of the last events, the newest first; of this run alone.
	Results []HookResult `json:"results"`
}

// HookResult is an object of the API.
type HookResult struct {
	// When it was told.
	At time.Time `json:"at"`

	// What happened.
	Event string `json:"event"`

	// Its name.
	Hook string `json:"hook"`

	// The beginning of what the program said; left out unless settings may be changed.
	Output string `json:"output"`

	// Why it has failed, if it has.
	Problem string `json:"problem"`

	// Seconds.
	Took float64 `json:"took"`

	// Name of the torrent.
	Torrent string `json:"torrent"`
}

// Identities is an object of the API.
type Identities struct {
	// The oldest first.
	Identities []Identity `json:"identities"`
}

// Identity is an object of the API.
type Identity struct {
	// When it came to this node.
	Created time.Time `json:"created"`

	// Whether it is meant unless another is named.
	Default bool `json:"default"`

	// Its text, which begins with wr1: others know it by this.
	ID string `json:"id"`

	// Whether the passphrase has to be given before anything is done in its name.
	Locked bool `json:"locked"`

	// What its owner calls it. Nobody else sees that.
	Name string `json:"name"`

	// Whether it lies under a passphrase.
	Passphrase bool `json:"passphrase"`
}

// IdentityPatch is an object of the API.
type IdentityPatch struct {
	// True makes it the one that is meant unless another is named.
	Default *bool `json:"default,omitzero"`

	// What to call it.
	Name *string `json:"name,omitzero"`
}

// ImportingBody is an object of the API.
type ImportingBody struct {
	// What export-identity has given, as base64. The passphrase is that of the file, and
	// stays.
	File []byte `json:"file"`

	// What to call it: 1 to 64 characters.
	Name string `json:"name"`

	// What it lies under; none if absent.
	Passphrase *string `json:"passphrase,omitzero"`
}

// Interface is an object of the API.
type Interface struct {
	// From which packets leave.
	Addresses []string `json:"addresses"`

	// Whether sockets are bound to its addresses only, as the system has nothing better:
	// other routes can send packets elsewhere then.
	ByAddress bool `json:"by_address"`

	// As it was given: its name, or an address of it.
	Name string `json:"name"`

	// Whether packets leave by it.
	Up bool `json:"up"`

	// Why not.
	Why string `json:"why"`
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

// Licence is an object of the API.
type Licence struct {
	// Of SPDX, such as CC-BY-4.0.
	ID *string `json:"id,omitzero"`

	// In words.
	Text *string `json:"text,omitzero"`
}

// Line is an object of the API.
type Line struct {
	// What else it says.
	Attrs []Attr `json:"attrs"`

	// How much it matters. One of debug, info, warn, error.
	Level string `json:"level"`

	// Lines before this one that a reader was too slow for.
	Lost int64 `json:"lost"`

	// What happened.
	Message string `json:"message"`

	// Part of the program.
	Part string `json:"part"`

	// When.
	Time time.Time `json:"time"`
}

// Log is an object of the API.
type Log struct {
	// The oldest first.
	Lines []Line `json:"lines"`
}

// LogEvent is an object of the API.
type LogEvent struct {
	// Data of the event line.
	Line *Line `json:"line"`
}

// Made is an object of the API.
type Made struct {
	// The token. It is told this once and kept nowhere.
	Text string `json:"text"`

	// What is known of it.
	Token Token `json:"token"`
}

// MakeTorrent is an object of the API.
type MakeTorrent struct {
	// That everybody reads.
	Comment *string `json:"comment,omitzero"`

	// Whether its trackers alone say who has it (BEP 27).
	Private *bool `json:"private,omitzero"`

	// Add it to the node as well, which names its own tracker then, and gives it to others.
	Seed *bool `json:"seed,omitzero"`

	// URLs, each asked if those before it fail.
	Trackers []string `json:"trackers,omitzero"`
}

// MovedBody is an object of the API.
type MovedBody struct {
	// Whether that is done; otherwise it goes on.
	Done bool `json:"done"`
}

// MovingBody is an object of the API.
type MovingBody struct {
	// Full path of a folder; made if it is not there.
	Dir string `json:"dir"`
}

// Network is an object of the API.
type Network struct {
	// What does not go at all, and why.
	Blocked []Blocked `json:"blocked"`

	// That by which everything leaves; absent if it leaves as the routes of the machine
	// say.
	Interface Interface `json:"interface"`

	// Whether nothing leaves while that interface is away: so wherever one is named.
	KillSwitch bool `json:"kill_switch"`

	// Those in use. If one is away nothing goes beside it.
	Proxies []Proxy `json:"proxies"`

	// By which way each kind of traffic leaves.
	Ways []Way `json:"ways"`
}

// NewBlockList is an object of the API.
type NewBlockList struct {
	// Full path of a file, or a URL: ipfilter.dat, P2P text, or addresses, ranges and CIDR
	// prefixes, gzipped or not.
	Location string `json:"location"`
}

// NewDraft is an object of the API.
type NewDraft struct {
	// The full path of a file or folder of the node.
	Path string `json:"path"`
}

// NewFeed is an object of the API.
type NewFeed struct {
	// Seconds between two looks, at least 300; 0 for what feeds.interval says.
	Every *int64 `json:"every,omitzero"`

	// What to call it.
	Name *string `json:"name,omitzero"`

	// Where it is on the web. It may be on this machine or beside it.
	URL string `json:"url"`
}

// NewIdentity is an object of the API.
type NewIdentity struct {
	// What to call it: 1 to 64 characters.
	Name string `json:"name"`

	// What it lies under; none if absent.
	Passphrase *string `json:"passphrase,omitzero"`
}

// NewShare is an object of the API.
type NewShare struct {
	// True says that the owner has read what the draft tells.
	Confirmed bool `json:"confirmed"`

	//
	Description *string `json:"description,omitzero"`

	// Whether files can be had over HTTP,
	Direct *bool `json:"direct,omitzero"`

	// up to so many bytes each; 0 is 100 MiB.
	DirectLimit *int64 `json:"direct_limit,omitzero"`

	// When the private link ends, as in RFC 3339; never if absent.
	Expires *string `json:"expires,omitzero"`

	// Which signs: its name or text; the default one if absent.
	Identity *string `json:"identity,omitzero"`

	//
	Licence *Licence `json:"licence,omitzero"`

	// What is needed to redeem it.
	Passphrase *string `json:"passphrase,omitzero"`

	//
	Provenance *Provenance `json:"provenance,omitzero"`

	// Share it with everybody at once: that needs a licence.
	Publish *bool `json:"publish,omitzero"`

	// Share a copy, from which is taken out what can be.
	Strip *bool `json:"strip,omitzero"`

	//
	Tags []string `json:"tags,omitzero"`

	//
	Title string `json:"title"`

	// How often the link can be redeemed; 0 for any number.
	Uses *int64 `json:"uses,omitzero"`
}

// NewToken is an object of the API.
type NewToken struct {
	// When it stops being good; absent for never.
	Expires *time.Time `json:"expires,omitzero"`

	// Which program it is for.
	Name string `json:"name"`

	// What may be done with it.
	Scopes []string `json:"scopes"`
}

// NewTorrent is an object of the API.
type NewTorrent struct {
	// Its category; made if it is not there.
	Category *string `json:"category,omitzero"`

	// Full path of the folder that content goes to; that of the category, or the default.
	Dir *string `json:"dir,omitzero"`

	// Bytes a second, 0 for no limit.
	DownLimit *int64 `json:"down_limit,omitzero"`

	// A torrent file, as base64.
	File *[]byte `json:"file,omitzero"`

	// Whether the first and last pieces of files come first.
	FirstLast *bool `json:"first_last,omitzero"`

	// Whether it is active whatever the queue says.
	Forced *bool `json:"forced,omitzero"`

	// When it has given enough.
	Goal *Goal `json:"goal,omitzero"`

	// Its labels.
	Labels []string `json:"labels,omitzero"`

	// The whole link of a share, with what follows #.
	Link *string `json:"link,omitzero"`

	// A magnet link.
	Magnet *string `json:"magnet,omitzero"`

	// Connections, 0 for the default.
	MaxPeers *int64 `json:"max_peers,omitzero"`

	// What it is called here.
	Name *string `json:"name,omitzero"`

	// Whether it was made here: the tracker of the node becomes one of its, unless it
	// demands TLS or is a private one of others.
	Ours *bool `json:"ours,omitzero"`

	// To redeem the link with.
	Passphrase *string `json:"passphrase,omitzero"`

	// Whether it waits for being resumed; as the settings say.
	Paused *bool `json:"paused,omitzero"`

	// Addresses of peers, IP:PORT.
	Peers []string `json:"peers,omitzero"`

	// Whether the link is redeemed if it has to be, which counts as a use of it unless
	// open-link has done so.
	Redeem *bool `json:"redeem,omitzero"`

	// Whether it is fetched from the front to the end.
	Sequential *bool `json:"sequential,omitzero"`

	// Files that are not wanted, by their index.
	Skip []int64 `json:"skip,omitzero"`

	// By who has hashed the content that lies in dir just now: SHA-256 in hexadecimal over
	// path NUL size NUL time of last change in nanoseconds since 1970 LF for each file but
	// padding. If the node finds the same, it does not hash it again. For the owner alone.
	Stamp *string `json:"stamp,omitzero"`

	// Whether pieces are shown to peers one by one (BEP 16).
	SuperSeed *bool `json:"super_seed,omitzero"`

	// Whether peers are spoken to over TLS; as the settings say. One of off, prefer,
	// require.
	TLS *string `json:"tls,omitzero"`

	// Trackers that are asked before its own; they may be on this machine or in its
	// network.
	Trackers []string `json:"trackers,omitzero"`

	// Bytes a second, 0 for no limit.
	UpLimit *int64 `json:"up_limit,omitzero"`

	// Where a torrent file is on the web: http or https, on the Internet alone; or a magnet
	// link, or the link of a share.
	URL *string `json:"url,omitzero"`
}

// OwnerKey is an object of the API.
type OwnerKey struct {
	// The key. It lies in HOME/management-token as well.
	Key string `json:"key"`

	// Where a browser gets its cookie with it, from the root of the node's address on.
	Path string `json:"path"`
}

// Page is an object of the API.
type Page struct {
	// How many were in the pages before.
	Offset int64 `json:"offset"`

	// When the snapshot was begun.
	Revision int64 `json:"revision"`

	// The torrents, in the order of their ids.
	Torrents []Torrent `json:"torrents"`

	// Torrents in all pages together.
	Total int64 `json:"total"`
}

// Patch is an object of the API.
type Patch struct {
	// Labels that it gets as well.
	AddLabels []string `json:"add_labels,omitzero"`

	// Its category; made if it is not there. Empty for none.
	Category *string `json:"category,omitzero"`

	// Bytes a second, 0 for no limit.
	DownLimit *int64 `json:"down_limit,omitzero"`

	// Whether the first and last pieces of files come first.
	FirstLast *bool `json:"first_last,omitzero"`

	// Whether it is active whatever the queue says.
	Forced *bool `json:"forced,omitzero"`

	// When it has given enough.
	Goal *Goal `json:"goal,omitzero"`

	// Its labels.
	Labels []string `json:"labels,omitzero"`

	// Connections, 0 for the default.
	MaxPeers *int64 `json:"max_peers,omitzero"`

	// What it is called here.
	Name *string `json:"name,omitzero"`

	// The user's own words.
	Note *string `json:"note,omitzero"`

	// Labels that are taken off it.
	RemoveLabels []string `json:"remove_labels,omitzero"`

	// Whether it is fetched from the front to the end.
	Sequential *bool `json:"sequential,omitzero"`

	// Whether pieces are shown to peers one by one (BEP 16), from the next start on.
	SuperSeed *bool `json:"super_seed,omitzero"`

	// Whether peers are spoken to over TLS. One of off, prefer, require.
	TLS *string `json:"tls,omitzero"`

	// Bytes a second, 0 for no limit.
	UpLimit *int64 `json:"up_limit,omitzero"`
}

// Peer is an object of the API.
type Peer struct {
	// IP:PORT.
	Address string `json:"address"`

	// Whether we serve it not.
	AmChoking bool `json:"am_choking"`

	// Whether we want something of it.
	AmInterested bool `json:"am_interested"`

	// Whether it serves us not.
	Choking bool `json:"choking"`

	// What it says it is, "" if it does not.
	Client string `json:"client"`

	// Bytes a second, from it.
	DownRate int64 `json:"down_rate"`

	// Whether it has called us.
	Incoming bool `json:"incoming"`

	// Whether it wants something of us.
	Interested bool `json:"interested"`

	// By which way. One of tcp, utp.
	Over string `json:"over"`

	// How much it has, 0 to 1.
	Progress float64 `json:"progress"`

	// How the connection is protected. One of tls, mse, plain.
	Protection string `json:"protection"`

	// Bytes of content from it.
	Received int64 `json:"received"`

	// Whether it has everything.
	Seed bool `json:"seed"`

	// Bytes of content to it.
	Sent int64 `json:"sent"`

	// When it was connected.
	Since time.Time `json:"since"`

	// Bytes a second, to it.
	UpRate int64 `json:"up_rate"`
}

// PeeringBody is an object of the API.
type PeeringBody struct {
	// Addresses, IP:PORT.
	Peers []string `json:"peers"`
}

// Peers is an object of the API.
type Peers struct {
	// In no order.
	Peers []Peer `json:"peers"`
}

// Pieces is an object of the API.
type Pieces struct {
	// How many connected peers have each piece; empty if nothing moves.
	Availability []int64 `json:"availability"`

	// How many pieces the torrent has.
	Count int64 `json:"count"`

	// How many of them are there and verified.
	Done int64 `json:"done"`

	// One bit for each piece, the first one in the highest bit of the first byte (BEP 3),
	// as base64.
	Have []byte `json:"have"`

	// Bytes of a piece; the last may be shorter.
	Length int64 `json:"length"`
}

// PlacingBody is an object of the API.
type PlacingBody struct {
	// How many are to stand before it in the queue.
	Position int64 `json:"position"`
}

// Preview is an object of the API.
type Preview struct {
	//
	Description string `json:"description"`

	// When the link ends.
	Expires string `json:"expires"`

	//
	Files int64 `json:"files"`

	// The first 100.
	FirstFiles []SharedFile `json:"first_files"`

	// and whether they suffice.
	Fits bool `json:"fits"`

	// Bytes on the disk where it would land, -1 if that is not known,
	Free int64 `json:"free"`

	// The key of the torrent, if the node has it already.
	Here string `json:"here"`

	// Of who has signed it, in hexadecimal.
	Key string `json:"key"`

	// One of private, public.
	Kind string `json:"kind"`

	//
	Licence Licence `json:"licence"`

	// It is shown to those alone who redeem the link with a passphrase; nothing below is
	// known.
	NeedsPassphrase bool `json:"needs_passphrase"`

	// It is shown to those alone who redeem the link, which uses it up in part; nothing
	// below is known.
	NeedsRedeem bool `json:"needs_redeem"`

	//
	Provenance Provenance `json:"provenance"`

	// Bytes of all files.
	Size int64 `json:"size"`

	//
	Tags []string `json:"tags"`

	//
	Title string `json:"title"`
}

// PrioritizingBody is an object of the API.
type PrioritizingBody struct {
	// By the index of the file: skip, low, normal or high.
	Priorities map[string]string `json:"priorities"`
}

// Provenance is an object of the API.
type Provenance struct {
	// Who made it.
	Author *string `json:"author,omitzero"`

	// When it was made: a date such as 2024-05-01, or a time as in RFC 3339.
	Created *string `json:"created,omitzero"`

	// What it was made of.
	Derived *string `json:"derived,omitzero"`

	// An address where more is to be found.
	Source *string `json:"source,omitzero"`
}

// Proxy is an object of the API.
type Proxy struct {
	// Its URL, without user and password.
	Proxy string `json:"proxy"`

	// Why the last attempt to reach it came to nothing.
	Trouble string `json:"trouble"`
}

// PublicShares is an object of the API.
type PublicShares struct {
	// Where they are listed; absent if there are none, or it is not known where others
	// reach the node.
	Link string `json:"link"`

	//
	Shares []Share `json:"shares"`
}

// Publication is an object of the API.
type Publication struct {
	// True says that the owner has read what becomes public.
	Confirmed bool `json:"confirmed"`

	// Instead of the licence that it has: what is public needs one.
	Licence *Licence `json:"licence,omitzero"`

	// Instead of the title that it has.
	Title *string `json:"title,omitzero"`
}

// Reachability is an object of the API.
type Reachability struct {
	// What can be done, if anything has to be.
	Advice string `json:"advice"`

	// By IPv4.
	IPv4 Family `json:"ipv4"`

	// By IPv6.
	IPv6 Family `json:"ipv6"`

	// The node listens on; 0 without.
	Port int64 `json:"port"`

	// In a sentence.
	Summary string `json:"summary"`
}

// Ready is an object of the API.
type Ready struct {
	// When the snapshot was begun.
	Revision int64 `json:"revision"`

	// All torrents together, if they are wanted.
	Totals Totals `json:"totals"`
}

// RenamingBody is an object of the API.
type RenamingBody struct {
	// Path of a file or folder of the torrent, with slashes.
	From string `json:"from"`

	// Path that it gets.
	To string `json:"to"`
}

// ResealingBody is an object of the API.
type ResealingBody struct {
	// The passphrase that it lies under now, if there is one.
	Old *string `json:"old,omitzero"`

	// The new one; empty for none.
	Passphrase string `json:"passphrase"`
}

// Schedule is an object of the API.
type Schedule struct {
	// The other limits: limits.alternative.up and limits.alternative.down.
	Alternative SpeedLimits `json:"alternative"`

	// Whether that was said by hand, against the rules.
	ByHand bool `json:"by_hand"`

	// Whether the limits that hold now are the alternative ones.
	IsAlternative bool `json:"is_alternative"`

	// What holds now.
	Limits SpeedLimits `json:"limits"`

	// Whether rules are kept: schedule.on.
	On bool `json:"on"`

	// Whether the schedule has stopped everything.
	Paused bool `json:"paused"`

	// What holds when, as in schedule.rules; the last one that names a limit decides on it.
	Rules []string `json:"rules"`

	// When something else holds; left out if that never happens by itself.
	Until time.Time `json:"until"`

	// What holds when no rule says anything: limits.up and limits.down.
	Usual SpeedLimits `json:"usual"`
}

// Sealed is an object of the API.
type Sealed struct {
	// As docs/protocols/permid.md has it, as base64. Who has it, and its passphrase if
	// there is one, is this identity to others.
	File []byte `json:"file"`
}

// Session is an object of the API.
type Session struct {
	// With a cookie: what a change must send as the header X-CSRF-Token.
	CSRF string `json:"csrf"`

	// Name of the token, or owner.
	Name string `json:"name"`

	// What may be done.
	Scopes []string `json:"scopes"`

	// How that was shown. One of key, cookie, token.
	Way string `json:"way"`
}

// Setting is an object of the API.
type Setting struct {
	// The words it can be, if it is one of some.
	Choices []string `json:"choices"`

	// What it is unless something else is said, as it is typed.
	Default string `json:"default"`

	// Whether programs may not change it: it is set in the configuration file alone.
	Fixed bool `json:"fixed"`

	// What it is, for people.
	Help string `json:"help"`

	// Its name, with dots, as limits.up.
	Key string `json:"key"`

	// What it looks like, in words.
	Kind string `json:"kind"`

	// Whether it takes effect without a restart.
	Live bool `json:"live"`

	// Where the value came from; store is a change through the API. One of default, file,
	// store, env, flag.
	Origin string `json:"origin"`

	// What it is set to: text, true or false, a number, or a list of texts.
	Value any `json:"value"`
}

// Settings is an object of the API.
type Settings struct {
	// Those that were changed and wait for a restart.
	Restart []string `json:"restart"`

	// In the order of the configuration file.
	Settings []Setting `json:"settings"`
}

// Share is an object of the API.
type Share struct {
	//
	Created time.Time `json:"created"`

	//
	Description string `json:"description"`

	// Whether files can be had over HTTP.
	Direct bool `json:"direct"`

	// Up to how many bytes each.
	DirectLimit int64 `json:"direct_limit"`

	// Files that were had over HTTP.
	Downloads int64 `json:"downloads"`

	// When the private link ends; never if absent.
	Expires time.Time `json:"expires"`

	//
	Files int64 `json:"files"`

	//
	ID string `json:"id"`

	// The name of the identity that signs, its text if it is gone.
	Identity string `json:"identity"`

	// By which others know who has signed, in hex; it does not tell the identity.
	Key string `json:"key"`

	//
	Licence Licence `json:"licence"`

	// The private link: who has it has all of the share. Absent if it is not known where
	// others reach the node, or the share is revoked.
	Link string `json:"link"`

	// The address of its page, without what opens the torrent.
	Page string `json:"page"`

	// Whether one is needed.
	Passphrase bool `json:"passphrase"`

	//
	Provenance Provenance `json:"provenance"`

	// The link for everybody, if it is public.
	PublicLink string `json:"public_link"`

	// That of the public one.
	PublicTorrent string `json:"public_torrent"`

	// Whether others can follow the links, as far as that is known.
	Reachable bool `json:"reachable"`

	// Of the record that was signed last.
	Sequence int64 `json:"sequence"`

	// Bytes.
	Size int64 `json:"size"`

	// One of active, expired, used-up, revoked.
	State string `json:"state"`

	//
	Tags []string `json:"tags"`

	//
	Title string `json:"title"`

	// Key of the private torrent in the library.
	Torrent string `json:"torrent"`

	// How often it was.
	Used int64 `json:"used"`

	// How often the link can still be redeemed; -1 for any number.
	UsesLeft int64 `json:"uses_left"`

	//
	Visits int64 `json:"visits"`
}

// ShareCaution is an object of the API.
type ShareCaution struct {
	//
	File string `json:"file"`

	// Links and what is special are not shared. One of secret, name, hidden, backup,
	// opaque, unreadable, link, special, many.
	Kind string `json:"kind"`

	//
	Text string `json:"text"`
}

// ShareFinding is an object of the API.
type ShareFinding struct {
	//
	File string `json:"file"`

	// One of location, person, device, thumbnail, comment, time, software.
	Kind string `json:"kind"`

	// Whether a copy can be made without it.
	Removable bool `json:"removable"`

	//
	Value string `json:"value"`

	// What it is called in the file.
	What string `json:"what"`
}

// SharePatch is an object of the API.
type SharePatch struct {
	//
	Description *string `json:"description,omitzero"`

	// Whether files can be had over HTTP,
	Direct *bool `json:"direct,omitzero"`

	// up to so many bytes each; 0 is 100 MiB.
	DirectLimit *int64 `json:"direct_limit,omitzero"`

	// When the private link ends, as in RFC 3339; empty for never.
	Expires *string `json:"expires,omitzero"`

	//
	Licence *Licence `json:"licence,omitzero"`

	// What is needed to redeem it; empty for nothing.
	Passphrase *string `json:"passphrase,omitzero"`

	//
	Provenance *Provenance `json:"provenance,omitzero"`

	//
	Tags []string `json:"tags,omitzero"`

	//
	Title *string `json:"title,omitzero"`

	// How often the link can be redeemed from now on; 0 for any number.
	Uses *int64 `json:"uses,omitzero"`
}

// SharedFile is an object of the API.
type SharedFile struct {
	//
	Path string `json:"path"`

	// Bytes.
	Size int64 `json:"size"`
}

// Shares is an object of the API.
type Shares struct {
	// The oldest first.
	Shares []Share `json:"shares"`
}

// SpeedLimits is an object of the API.
type SpeedLimits struct {
	// Bytes a second that are received, 0 for no limit.
	Down int64 `json:"down"`

	// Bytes a second that are sent, 0 for no limit.
	Up int64 `json:"up"`
}

// Statistics is an object of the API.
type Statistics struct {
	// When the first step begins that may be there.
	From time.Time `json:"from"`

	// Bytes of content in all of it.
	Received int64 `json:"received"`

	// Bytes of content in all of it.
	Sent int64 `json:"sent"`

	// How far back it goes. One of hour, day, month, year, all.
	Span string `json:"span"`

	// Seconds that each step lasts.
	Step int64 `json:"step"`

	// The oldest first. The last goes on; where one is missing the node did not run.
	Steps []StatisticsStep `json:"steps"`
}

// StatisticsStep is an object of the API.
type StatisticsStep struct {
	// When the step begins.
	At time.Time `json:"at"`

	// Bytes of content.
	Received int64 `json:"received"`

	// Bytes of content.
	Sent int64 `json:"sent"`
}

// Status is an object of the API.
type Status struct {
	// Nodes of the DHT that are known; 0 if the node takes no part.
	DHTNodes int64 `json:"dht_nodes"`

	// Where peers connect.
	Listen []string `json:"listen"`

	// Settings that were changed and wait for a restart.
	Restart []string `json:"restart"`

	// Number of the newest change.
	Revision int64 `json:"revision"`

	// When the node was started.
	Started time.Time `json:"started"`

	// All torrents together.
	Totals Totals `json:"totals"`

	// Of the program.
	Version string `json:"version"`
}

// Stream is an object of the API.
type Stream struct {
	// Number of the file in the torrent.
	Index int64 `json:"index"`

	// Where it is below the folder of the torrent, with slashes.
	Path string `json:"path"`

	// For players. It is a secret: who can reach the node and has it can read the file.
	URL string `json:"url"`
}

// Streams is an object of the API.
type Streams struct {
	// When the URLs are good for nothing any more; a node that is started anew ends them as
	// well.
	Expires time.Time `json:"expires"`

	// The main file first, then all others that can be played; or the one that was asked
	// for.
	Files []Stream `json:"files"`

	// Index of the file that a player is meant to get: the longest film or sound file, or
	// the longest of all.
	Main int64 `json:"main"`

	// URL of a list of all that can be played (M3U).
	Playlist string `json:"playlist"`
}

// Swarm is an object of the API.
type Swarm struct {
	// How many peers have become complete since the swarm is known.
	Completed int64 `json:"completed"`

	// Of the torrent.
	Key string `json:"key"`

	// All others.
	Leechers int64 `json:"leechers"`

	// What it is called here.
	Name string `json:"name"`

	// Peers that have everything, the node itself among them.
	Seeders int64 `json:"seeders"`
}

// Swarms is an object of the API.
type Swarms struct {
	// Those with most peers first.
	Swarms []Swarm `json:"swarms"`

	// How many torrents have peers.
	Total int64 `json:"total"`
}

// Switch is an object of the API.
type Switch struct {
	// Whether they hold.
	On bool `json:"on"`
}

// TiersBody is an object of the API.
type TiersBody struct {
	// Addresses of trackers, those of the first tier first.
	Tiers [][]string `json:"tiers"`
}

// Token is an object of the API.
type Token struct {
	// When it was made.
	Created time.Time `json:"created"`

	// When it stops being good; absent for never.
	Expires time.Time `json:"expires"`

	// Its number.
	ID int64 `json:"id"`

	// Which program it is for.
	Name string `json:"name"`

	// What may be done with it. Each has read with it, admin has all.
	Scopes []string `json:"scopes"`

	// When it was used last, to within the hour.
	Used time.Time `json:"used"`
}

// Tokens is an object of the API.
type Tokens struct {
	// In the order in which they were made.
	Tokens []Token `json:"tokens"`
}

// Torrent is an object of the API.
type Torrent struct {
	// Seconds of seeding and fetching.
	ActiveTime int64 `json:"active_time"`

	// When it was added.
	Added time.Time `json:"added"`

	// Its category.
	Category string `json:"category"`

	// What the torrent says of itself.
	Comment string `json:"comment"`

	// When it was complete for the first time.
	Completed time.Time `json:"completed"`

	// Bytes that were thrown away because they were wrong.
	Corrupt int64 `json:"corrupt"`

	// When it was made.
	Created time.Time `json:"created"`

	// What made it.
	CreatedBy string `json:"created_by"`

	// Folder that the content lies in.
	Dir string `json:"dir"`

	// Bytes of content that are there and verified.
	Done int64 `json:"done"`

	// Bytes a second, 0 for no limit.
	DownLimit int64 `json:"down_limit"`

	// Bytes a second.
	DownRate int64 `json:"down_rate"`

	// Seconds until it is complete at this rate; absent if nothing moves.
	ETA int64 `json:"eta"`

	// How many files it has.
	Files int64 `json:"files"`

	// Whether the first and last pieces of files come first.
	FirstLast bool `json:"first_last"`

	// Whether it is active whatever the queue says.
	Forced bool `json:"forced"`

	// When it has given enough, the defaults included.
	Goal Goal `json:"goal"`

	// Number of the torrent at this node, from 1, for as long as it is there.
	ID int64 `json:"id"`

	// By this it is named in paths: its info-hash of version 1 in hexadecimal, or that of
	// version 2 cut to 20 bytes.
	Key string `json:"key"`

	// Its labels, in order.
	Labels []string `json:"labels"`

	// When content was last sent or received.
	LastActive time.Time `json:"last_active"`

	// Bytes that are wanted and missing.
	Left int64 `json:"left"`

	// Connections, 0 for the default.
	MaxPeers int64 `json:"max_peers"`

	// What it is called here.
	Name string `json:"name"`

	// The user's own words.
	Note string `json:"note"`

	// Whether the user has stopped it.
	Paused bool `json:"paused"`

	// Connected peers.
	Peers int64 `json:"peers"`

	// Bytes of a piece.
	PieceLength int64 `json:"piece_length"`

	// How many pieces it has.
	Pieces int64 `json:"pieces"`

	// How many of them are there and verified.
	PiecesDone int64 `json:"pieces_done"`

	// How many stand before it in the queue.
	Position int64 `json:"position"`

	// Whether only its trackers may be asked for peers (BEP 27).
	Private bool `json:"private"`

	// How much of what is wanted is there and verified, 0 to 1; while checking, how much is
	// checked.
	Progress float64 `json:"progress"`

	// Bytes sent for each byte of the content.
	Ratio float64 `json:"ratio"`

	// Why it is waiting, queued or failed.
	Reason string `json:"reason"`

	// Bytes of content received since it was added.
	Received int64 `json:"received"`

	// Number of the last change.
	Revision int64 `json:"revision"`

	// Seconds of seeding.
	SeedTime int64 `json:"seed_time"`

	// Those that have everything.
	Seeds int64 `json:"seeds"`

	// Bytes of content sent since it was added.
	Sent int64 `json:"sent"`

	// Whether it is fetched from the front to the end.
	Sequential bool `json:"sequential"`

	// Bytes of content; 0 as long as that is not known.
	Size int64 `json:"size"`

	// What it does: metadata is a magnet link of which peers are asked what it consists of;
	// waiting goes on by itself, as soon as the disk takes data again; failed needs the
	// user. One of starting, checking, metadata, downloading, seeding, paused, waiting,
	// queued, failed.
	State string `json:"state"`

	// Whether pieces are shown to peers one by one (BEP 16).
	SuperSeed bool `json:"super_seed"`

	// Whether peers are spoken to over TLS. One of off, prefer, require.
	TLS string `json:"tls"`

	// Those over TLS.
	TLSPeers int64 `json:"tls_peers"`

	// Bytes a second, 0 for no limit.
	UpLimit int64 `json:"up_limit"`

	// Bytes a second.
	UpRate int64 `json:"up_rate"`

	// Info-hash of version 1 (BEP 3), in hexadecimal.
	V1 string `json:"v1"`

	// Info-hash of version 2 (BEP 52), in hexadecimal.
	V2 string `json:"v2"`

	// Bytes of the files that are wanted.
	Wanted int64 `json:"wanted"`

	// Web servers that content is fetched from.
	WebSeeds int64 `json:"web_seeds"`
}

// Totals is an object of the API.
type Totals struct {
	// Bytes a second.
	DownRate int64 `json:"down_rate"`

	// The same of all time, of torrents that are there.
	EverReceived int64 `json:"ever_received"`

	// The same of all time, of torrents that are there.
	EverSent int64 `json:"ever_sent"`

	// Bytes that are wanted and missing.
	Left int64 `json:"left"`

	// Connected peers.
	Peers int64 `json:"peers"`

	// Bytes of content since the node was started.
	Received int64 `json:"received"`

	// Bytes of content since the node was started.
	Sent int64 `json:"sent"`

	// Bytes of content.
	Size int64 `json:"size"`

	// How many there are in each state.
	States map[string]int64 `json:"states"`

	// How many there are.
	Torrents int64 `json:"torrents"`

	// Bytes a second.
	UpRate int64 `json:"up_rate"`
}

// Tracker is an object of the API.
type Tracker struct {
	// Why it is of no use now.
	Error string `json:"error"`

	// How many other peers it tells of, -1 if it does not.
	Leechers int64 `json:"leechers"`

	// Whether the user has named it, rather than the torrent.
	Own bool `json:"own"`

	// How many peers with everything it tells of, -1 if it does not.
	Seeders int64 `json:"seeders"`

	// How it is with it. One of idle, asking, working, failing.
	State string `json:"state"`

	// Those of a lower tier are asked first (BEP 12).
	Tier int64 `json:"tier"`

	// Its address; the host alone, unless torrents or settings may be changed: a key of the
	// user's may be in it.
	URL string `json:"url"`
}

// TrackerHistory is an object of the API.
type TrackerHistory struct {
	// The oldest first.
	Minutes []TrackerMinute `json:"minutes"`
}

// TrackerMinute is an object of the API.
type TrackerMinute struct {
	// Announces that could be read.
	Announces int64 `json:"announces"`

	// The end of it.
	At time.Time `json:"at"`

	// Peers that were known, then.
	Peers int64 `json:"peers"`

	// Requests that were refused.
	Refused int64 `json:"refused"`

	// Scrapes that could be read.
	Scrapes int64 `json:"scrapes"`

	// Swarms with peers, then.
	Swarms int64 `json:"swarms"`
}

// TrackerRefused is an object of the API.
type TrackerRefused struct {
	// There was no room.
	Full int64 `json:"full"`

	// It could not be meant.
	Malformed int64 `json:"malformed"`

	// Too many came from one address.
	Throttled int64 `json:"throttled"`

	// The node does not serve the torrent.
	Unlisted int64 `json:"unlisted"`
}

// TrackerStatus is an object of the API.
type TrackerStatus struct {
	// Announces that could be read, those of the node itself left out.
	Announces int64 `json:"announces"`

	// Those of them with an address of IPv6.
	IPv6 int64 `json:"ipv6"`

	// Whether the node is a tracker; if not, all else is empty.
	On bool `json:"on"`

	// Peers that are known.
	Peers int64 `json:"peers"`

	// Requests that were refused.
	Refused TrackerRefused `json:"refused"`

	// Scrapes that could be read.
	Scrapes int64 `json:"scrapes"`

	// When it was started.
	Since time.Time `json:"since"`

	// Swarms with peers. A torrent of both versions of BitTorrent is two.
	Swarms int64 `json:"swarms"`

	// Where others announce to it, with its key; empty until it is known where others reach
	// the node. Torrents that are made here list it.
	URL string `json:"url"`
}

// Trackers is an object of the API.
type Trackers struct {
	// Nodes of the DHT that are known; 0 if it is not used for the torrent.
	DHTNodes int64 `json:"dht_nodes"`

	// When the next of them is asked.
	Next time.Time `json:"next"`

	// In the order in which they are asked.
	Trackers []Tracker `json:"trackers"`
}

// UnlockingBody is an object of the API.
type UnlockingBody struct {
	// Its passphrase.
	Passphrase string `json:"passphrase"`
}

// Wanted is an object of the API.
type Wanted struct {
	// Its category.
	Category *string `json:"category,omitzero"`

	// Full path of the folder where it would land; that of the category, or the default.
	Dir *string `json:"dir,omitzero"`

	// The whole link, with what follows #.
	Link string `json:"link"`

	// To redeem it with.
	Passphrase *string `json:"passphrase,omitzero"`

	// Whether the link is redeemed if it has to be, which counts as a use of it. The node
	// remembers that for a day: to add it afterwards uses up nothing more.
	Redeem *bool `json:"redeem,omitzero"`
}

// WatchFolder is an object of the API.
type WatchFolder struct {
	// Category of its torrents.
	Category *string `json:"category,omitzero"`

	// Full path of the folder that content goes to; empty for the default.
	Dir *string `json:"dir,omitzero"`

	// Labels of its torrents.
	Labels []string `json:"labels,omitzero"`

	// Its full path.
	Path string `json:"path"`

	// Whether torrents wait for being resumed; as queue.add-paused says if this is left
	// out.
	Paused *bool `json:"paused,omitzero"`

	// What becomes of a file whose torrent was added: it gets the ending .added if nothing
	// is said. One of rename, move, delete.
	Then *string `json:"then,omitzero"`

	// Full path of the folder to which move moves it.
	To *string `json:"to,omitzero"`
}

// WatchList is an object of the API.
type WatchList struct {
	// In the order in which they are looked into.
	Folders []WatchStatus `json:"folders"`

	// Of the last files, the newest first; of this run alone.
	Results []WatchResult `json:"results"`
}

// WatchResult is an object of the API.
type WatchResult struct {
	// When.
	At time.Time `json:"at"`

	// Its full path.
	File string `json:"file"`

	// What is wrong with it, if something is.
	Problem string `json:"problem"`

	// Number of the torrent, 0 if none was added.
	Torrent int64 `json:"torrent"`
}

// WatchStatus is an object of the API.
type WatchStatus struct {
	// What was said of it.
	Folder WatchFolder `json:"folder"`

	// Why it cannot be looked into, if it cannot.
	Problem string `json:"problem"`
}

// Way is an object of the API.
type Way struct {
	// How it leaves. One of direct, proxy, off.
	By string `json:"by"`

	// What the traffic is for. One of peers, trackers, web-seeds, dht, feeds, web, names.
	Kind string `json:"kind"`

	// URL of the proxy, without user and password.
	Proxy string `json:"proxy"`
}

// ListAuditQuery is what ListAudit can be asked with; what is zero is left out.
type ListAuditQuery struct {
	// Only entries with a lower number; 0 for the newest.
	Before int64

	// How many are returned at most.
	Limit int64
}

func (q ListAuditQuery) values() url.Values {
	v := url.Values{}
	if q.Before != 0 {
		v.Set("before", fmt.Sprint(q.Before))
	}
	if q.Limit != 0 {
		v.Set("limit", fmt.Sprint(q.Limit))
	}
	return v
}

// ListAudit: Show who has changed what. The newest ten thousand entries are kept.
func (c *Client) ListAudit(ctx context.Context, query ListAuditQuery) (out Audit, err error) {
	err = c.do(ctx, "GET", "/api/v1/audit", query.values(), nil, &out)
	return out, err
}

// BackupNode: Get a backup of the whole node. What warren restore takes: identities and
// the owner's key are in it. An answer that is broken off is none. This is for the
// owner alone, by the key or in the browser: no token opens it.
func (c *Client) BackupNode(ctx context.Context, body AskingBody) (out []byte, err error) {
	err = c.do(ctx, "POST", "/api/v1/backup", nil, body, &out)
	return out, err
}

// RemoveBlockListQuery is what RemoveBlockList can be asked with; what is zero is left out.
type RemoveBlockListQuery struct {
	// As list-block-lists has it.
	Location string
}

func (q RemoveBlockListQuery) values() url.Values {
	v := url.Values{}
	if q.Location != "" {
		v.Set("location", fmt.Sprint(q.Location))
	}
	return v
}

// RemoveBlockList: Heed a list no more.
func (c *Client) RemoveBlockList(ctx context.Context, query RemoveBlockListQuery) error {
	return c.do(ctx, "DELETE", "/api/v1/block-lists", query.values(), nil, nil)
}

// ListBlockLists: List lists of addresses that are not spoken to.
func (c *Client) ListBlockLists(ctx context.Context) (out BlockLists, err error) {
	err = c.do(ctx, "GET", "/api/v1/block-lists", nil, nil, &out)
	return out, err
}

// AddBlockList: Heed a list of addresses that are not spoken to. It is kept as the
// setting peers.block, which then counts instead of the list in the configuration file.
// What is behind a URL is fetched soon; list-block-lists tells what came of it.
func (c *Client) AddBlockList(ctx context.Context, body NewBlockList) (out BlockLists, err error) {
	err = c.do(ctx, "POST", "/api/v1/block-lists", nil, body, &out)
	return out, err
}

// RefreshBlockLists: Read all lists now. The answer does not wait for it;
// list-block-lists tells what came of it.
func (c *Client) RefreshBlockLists(ctx context.Context) error {
	return c.do(ctx, "POST", "/api/v1/block-lists/refresh", nil, nil, nil)
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

// ListChangesQuery is what ListChanges can be asked with; what is zero is left out.
type ListChangesQuery struct {
	// The revision that was seen last; 0 asks for everything.
	Since int64

	// Which properties of torrents; all if none is named.
	Fields []string
}

func (q ListChangesQuery) values() url.Values {
	v := url.Values{}
	if q.Since != 0 {
		v.Set("since", fmt.Sprint(q.Since))
	}
	if len(q.Fields) > 0 {
		v.Set("fields", joined(q.Fields))
	}
	return v
}

// ListChanges: Show what has changed since a revision. Nothing but the revision if
// nothing has. If the revision is not known any more, full is true and everything is in
// changed; better list the torrents page by page first, and ask from the revision of
// the first page.
func (c *Client) ListChanges(ctx context.Context, query ListChangesQuery) (out Delta, err error) {
	err = c.do(ctx, "GET", "/api/v1/changes", query.values(), nil, &out)
	return out, err
}

// StreamEventsQuery is what StreamEvents can be asked with; what is zero is left out.
type StreamEventsQuery struct {
	// The revision that was seen last; 0 asks for everything.
	Since int64

	// Which properties of torrents; all if none is named.
	Fields []string

	// Numbers of the torrents to hear of; all if none is named. No torrent has the number
	// 0.
	Torrent []int64

	// Whether to hear of totals, and that categories or labels have changed, also when none
	// of those torrents has.
	Totals bool
}

func (q StreamEventsQuery) values() url.Values {
	v := url.Values{}
	if q.Since != 0 {
		v.Set("since", fmt.Sprint(q.Since))
	}
	if len(q.Fields) > 0 {
		v.Set("fields", joined(q.Fields))
	}
	if len(q.Torrent) > 0 {
		v.Set("torrent", joined(q.Torrent))
	}
	if q.Totals {
		v.Set("totals", "true")
	}
	return v
}

// StreamEvents: Follow what changes. A stream of Server-Sent Events. Without since:
// snapshot events until all torrents were sent, then ready. After that, and with a
// since that is still known, delta events, one a second at most. The ids of ready and
// delta are revisions: since takes them. Who reads too slowly is cut off and may come
// back.
func (c *Client) StreamEvents(ctx context.Context, query StreamEventsQuery) iter.Seq2[Event, error] {
	return stream[Event](ctx, c, "/api/v1/events", query.values())
}

// ListFeedItemsQuery is what ListFeedItems can be asked with; what is zero is left out.
type ListFeedItemsQuery struct {
	// Number of the feed; 0 for all of them.
	Feed int64

	// At most so many.
	Limit int64
}

func (q ListFeedItemsQuery) values() url.Values {
	v := url.Values{}
	if q.Feed != 0 {
		v.Set("feed", fmt.Sprint(q.Feed))
	}
	if q.Limit != 0 {
		v.Set("limit", fmt.Sprint(q.Limit))
	}
	return v
}

// ListFeedItems: List what is in feeds, and what became of it.
func (c *Client) ListFeedItems(ctx context.Context, query ListFeedItemsQuery) (out FeedItems, err error) {
	err = c.do(ctx, "GET", "/api/v1/feed-items", query.values(), nil, &out)
	return out, err
}

// MarkFeedItem: Mark an item as read, or not.
func (c *Client) MarkFeedItem(ctx context.Context, id int64, body FeedItemPatch) error {
	return c.do(ctx, "PATCH", "/api/v1/feed-items/"+escape(id), nil, body, nil)
}

// FetchFeedItem: Add the torrent of an item, whatever rules say.
func (c *Client) FetchFeedItem(ctx context.Context, id int64, body FetchOptions) error {
	return c.do(ctx, "POST", "/api/v1/feed-items/"+escape(id)+"/fetch", nil, body, nil)
}

// ListFeedRules: List rules by which items of feeds are fetched.
func (c *Client) ListFeedRules(ctx context.Context) (out FeedRules, err error) {
	err = c.do(ctx, "GET", "/api/v1/feed-rules", nil, nil, &out)
	return out, err
}

// TryFeedRule: Try what a rule would fetch. Of the items that lie here. Nothing is
// fetched, and nothing is kept; each item is looked at as if it were the next.
func (c *Client) TryFeedRule(ctx context.Context, body FeedTrial) (out FeedVerdicts, err error) {
	err = c.do(ctx, "POST", "/api/v1/feed-rules/try", nil, body, &out)
	return out, err
}

// RemoveFeedRule: Remove a rule.
func (c *Client) RemoveFeedRule(ctx context.Context, name string) error {
	return c.do(ctx, "DELETE", "/api/v1/feed-rules/"+escape(name), nil, nil, nil)
}

// SetFeedRule: Make a rule, or change one. It counts for what is in the feeds already:
// see try-feed-rule.
func (c *Client) SetFeedRule(ctx context.Context, name string, body FeedRuleSettings) (out FeedRules, err error) {
	err = c.do(ctx, "PUT", "/api/v1/feed-rules/"+escape(name), nil, body, &out)
	return out, err
}

// RenameFeedRule: Give a rule another name. What was fetched by it stays known.
func (c *Client) RenameFeedRule(ctx context.Context, name string, body FeedRuleName) (out FeedRules, err error) {
	err = c.do(ctx, "POST", "/api/v1/feed-rules/"+escape(name)+"/rename", nil, body, &out)
	return out, err
}

// ListFeeds: List feeds, and how they stand.
func (c *Client) ListFeeds(ctx context.Context) (out FeedList, err error) {
	err = c.do(ctx, "GET", "/api/v1/feeds", nil, nil, &out)
	return out, err
}

// AddFeed: Add a feed. It is fetched soon; list-feeds tells what came of it.
func (c *Client) AddFeed(ctx context.Context, body NewFeed) (out Feed, err error) {
	err = c.do(ctx, "POST", "/api/v1/feeds", nil, body, &out)
	return out, err
}

// RefreshFeeds: Fetch all feeds now. The answer does not wait for them; list-feeds
// tells what came of it.
func (c *Client) RefreshFeeds(ctx context.Context) error {
	return c.do(ctx, "POST", "/api/v1/feeds/refresh", nil, nil, nil)
}

// RemoveFeed: Remove a feed. Torrents that came from it stay, and are not fetched again
// if it is added once more.
func (c *Client) RemoveFeed(ctx context.Context, id int64) error {
	return c.do(ctx, "DELETE", "/api/v1/feeds/"+escape(id), nil, nil, nil)
}

// ChangeFeed: Change a feed.
func (c *Client) ChangeFeed(ctx context.Context, id int64, body FeedPatch) (out Feed, err error) {
	err = c.do(ctx, "PATCH", "/api/v1/feeds/"+escape(id), nil, body, &out)
	return out, err
}

// MarkFeedRead: Mark all items of a feed as read.
func (c *Client) MarkFeedRead(ctx context.Context, id int64) error {
	return c.do(ctx, "POST", "/api/v1/feeds/"+escape(id)+"/read", nil, nil, nil)
}

// RefreshFeed: Fetch a feed now. The answer does not wait for it; list-feeds tells what
// came of it.
func (c *Client) RefreshFeed(ctx context.Context, id int64) error {
	return c.do(ctx, "POST", "/api/v1/feeds/"+escape(id)+"/refresh", nil, nil, nil)
}

// BrowseFolderQuery is what BrowseFolder can be asked with; what is zero is left out.
type BrowseFolderQuery struct {
	// A full path; if absent, that of the folder where the user keeps files.
	Path string

	// Whether files that begin with a dot are listed.
	Hidden bool
}

func (q BrowseFolderQuery) values() url.Values {
	v := url.Values{}
	if q.Path != "" {
		v.Set("path", fmt.Sprint(q.Path))
	}
	if q.Hidden {
		v.Set("hidden", "true")
	}
	return v
}

// BrowseFolder: List a folder of the machine that the node runs on.
func (c *Client) BrowseFolder(ctx context.Context, query BrowseFolderQuery) (out Folder, err error) {
	err = c.do(ctx, "GET", "/api/v1/folder", query.values(), nil, &out)
	return out, err
}

// ListHooks: List programs and servers that are told what happened, and what came of
// it. They are set in the configuration file alone (hooks.complete and the like): an
// API that could set them could run anything as the user of the node, and so could
// whoever gets hold of a token, or of the owner's browser. No operation changes that.
func (c *Client) ListHooks(ctx context.Context) (out HookList, err error) {
	err = c.do(ctx, "GET", "/api/v1/hooks", nil, nil, &out)
	return out, err
}

// ListIdentities: List the identities of the node.
func (c *Client) ListIdentities(ctx context.Context) (out Identities, err error) {
	err = c.do(ctx, "GET", "/api/v1/identities", nil, nil, &out)
	return out, err
}

// MakeIdentity: Make another identity. It has nothing in common with those that are
// there.
func (c *Client) MakeIdentity(ctx context.Context, body NewIdentity) (out Identity, err error) {
	err = c.do(ctx, "POST", "/api/v1/identities", nil, body, &out)
	return out, err
}

// ImportIdentity: Take in a copy of an identity.
func (c *Client) ImportIdentity(ctx context.Context, body ImportingBody) (out Identity, err error) {
	err = c.do(ctx, "POST", "/api/v1/identities/import", nil, body, &out)
	return out, err
}

// ShowIdentity: Show an identity.
func (c *Client) ShowIdentity(ctx context.Context, identity string) (out Identity, err error) {
	err = c.do(ctx, "GET", "/api/v1/identities/"+escape(identity), nil, nil, &out)
	return out, err
}

// ChangeIdentity: Rename an identity, or make it the default.
func (c *Client) ChangeIdentity(ctx context.Context, identity string, body IdentityPatch) (out Identity, err error) {
	err = c.do(ctx, "PATCH", "/api/v1/identities/"+escape(identity), nil, body, &out)
	return out, err
}

// ExportIdentity: Get a copy of an identity, to be kept elsewhere. This is for the
// owner alone, by the key or in the browser: no token opens it.
func (c *Client) ExportIdentity(ctx context.Context, identity string, body ExportingBody) (out Sealed, err error) {
	err = c.do(ctx, "POST", "/api/v1/identities/"+escape(identity)+"/export", nil, body, &out)
	return out, err
}

// LockIdentity: Lock an identity.
func (c *Client) LockIdentity(ctx context.Context, identity string) (out Identity, err error) {
	err = c.do(ctx, "POST", "/api/v1/identities/"+escape(identity)+"/lock", nil, nil, &out)
	return out, err
}

// SetPassphrase: Set, change or remove the passphrase of an identity. Whether it is
// locked stays as it was, unless it needs no passphrase any more.
func (c *Client) SetPassphrase(ctx context.Context, identity string, body ResealingBody) (out Identity, err error) {
	err = c.do(ctx, "PUT", "/api/v1/identities/"+escape(identity)+"/passphrase", nil, body, &out)
	return out, err
}

// UnlockIdentity: Unlock an identity until it is locked, or the node ends.
func (c *Client) UnlockIdentity(ctx context.Context, identity string, body UnlockingBody) (out Identity, err error) {
	err = c.do(ctx, "POST", "/api/v1/identities/"+escape(identity)+"/unlock", nil, body, &out)
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

// OpenLink: See what a link leads to. The node goes there, and adds nothing. Whoever
// answers there has to show the key that the link names; otherwise nothing is sent.
func (c *Client) OpenLink(ctx context.Context, body Wanted) (out Preview, err error) {
	err = c.do(ctx, "POST", "/api/v1/links", nil, body, &out)
	return out, err
}

// GetLogQuery is what GetLog can be asked with; what is zero is left out.
type GetLogQuery struct {
	// Lines that matter at least so much. One of debug, info, warn, error.
	Level string
}

func (q GetLogQuery) values() url.Values {
	v := url.Values{}
	if q.Level != "" {
		v.Set("level", fmt.Sprint(q.Level))
	}
	return v
}

// GetLog: Show the newest lines of the log.
func (c *Client) GetLog(ctx context.Context, query GetLogQuery) (out Log, err error) {
	err = c.do(ctx, "GET", "/api/v1/log", query.values(), nil, &out)
	return out, err
}

// StreamLogQuery is what StreamLog can be asked with; what is zero is left out.
type StreamLogQuery struct {
	// Lines that matter at least so much. One of debug, info, warn, error.
	Level string
}

func (q StreamLogQuery) values() url.Values {
	v := url.Values{}
	if q.Level != "" {
		v.Set("level", fmt.Sprint(q.Level))
	}
	return v
}

// StreamLog: Follow the log. A stream of Server-Sent Events called line, which begins
// with the newest lines there are.
func (c *Client) StreamLog(ctx context.Context, query StreamLogQuery) iter.Seq2[LogEvent, error] {
	return stream[LogEvent](ctx, c, "/api/v1/log/events", query.values())
}

// GetNetwork: Show by which way traffic leaves, and what does not.
func (c *Client) GetNetwork(ctx context.Context) (out Network, err error) {
	err = c.do(ctx, "GET", "/api/v1/network", nil, nil, &out)
	return out, err
}

// ReplaceOwnerKey: Make a new owner's key. The one before, and all cookies, open
// nothing from then on, and what the owner follows with them ends. Tokens stay good.
// This is for the owner alone, by the key or in the browser: no token opens it.
func (c *Client) ReplaceOwnerKey(ctx context.Context) (out OwnerKey, err error) {
	err = c.do(ctx, "POST", "/api/v1/owner-key", nil, nil, &out)
	return out, err
}

// GetReachability: Show whether others can connect, and where.
func (c *Client) GetReachability(ctx context.Context) (out Reachability, err error) {
	err = c.do(ctx, "GET", "/api/v1/reachability", nil, nil, &out)
	return out, err
}

// GetSchedule: Show which limits hold now, and until when. Rules and limits are
// settings: change-settings changes them, under the names that are given here.
func (c *Client) GetSchedule(ctx context.Context) (out Schedule, err error) {
	err = c.do(ctx, "GET", "/api/v1/schedule", nil, nil, &out)
	return out, err
}

// SwitchAlternative: Let the alternative limits hold, or not. That counts until the
// schedule changes between the alternative limits and others, and outlives a restart.
func (c *Client) SwitchAlternative(ctx context.Context, body Switch) (out Schedule, err error) {
	err = c.do(ctx, "PUT", "/api/v1/schedule/alternative", nil, body, &out)
	return out, err
}

// GetSession: Show who asks, and what he may do.
func (c *Client) GetSession(ctx context.Context) (out Session, err error) {
	err = c.do(ctx, "GET", "/api/v1/session", nil, nil, &out)
	return out, err
}

// GetSettings: Show what can be set, and what it is set to. Secrets are left out; of
// URLs the host alone is shown, unless settings may be changed.
func (c *Client) GetSettings(ctx context.Context) (out Settings, err error) {
	err = c.do(ctx, "GET", "/api/v1/settings", nil, nil, &out)
	return out, err
}

// ChangeSettings: Change settings. All that are given, or none. What was set by the
// environment or a flag cannot be changed.
func (c *Client) ChangeSettings(ctx context.Context, body map[string]any) (out Settings, err error) {
	err = c.do(ctx, "PATCH", "/api/v1/settings", nil, body, &out)
	return out, err
}

// ListShares: List what is shared. With the links: who reads this can pass everything
// on.
func (c *Client) ListShares(ctx context.Context) (out Shares, err error) {
	err = c.do(ctx, "GET", "/api/v1/shares", nil, nil, &out)
	return out, err
}

// DraftShare: Look through a file or folder that is to be shared. The answer does not
// wait for it: show-draft tells how far it is. Nothing is shared before share-draft.
func (c *Client) DraftShare(ctx context.Context, body NewDraft) (out Draft, err error) {
	err = c.do(ctx, "POST", "/api/v1/shares/drafts", nil, body, &out)
	return out, err
}

// DropDraft: Drop a draft, whatever it is at. What has become a share stays one.
func (c *Client) DropDraft(ctx context.Context, id string) error {
	return c.do(ctx, "DELETE", "/api/v1/shares/drafts/"+escape(id), nil, nil, nil)
}

// ShowDraft: Show how far a draft is, and what was found.
func (c *Client) ShowDraft(ctx context.Context, id string) (out Draft, err error) {
	err = c.do(ctx, "GET", "/api/v1/shares/drafts/"+escape(id), nil, nil, &out)
	return out, err
}

// ShareDraft: Share a draft under a private link. The answer does not wait until it is
// hashed: show-draft tells how far it is, and which share it has become.
func (c *Client) ShareDraft(ctx context.Context, id string, body NewShare) (out Draft, err error) {
	err = c.do(ctx, "POST", "/api/v1/shares/drafts/"+escape(id)+"/share", nil, body, &out)
	return out, err
}

// MakeTorrent: Make a torrent of a draft, and no share. For versions 1 and 2 (hybrid).
// The answer does not wait until it is hashed: show-draft tells how far it is,
// drop-draft ends it, and download-draft has the torrent.
func (c *Client) MakeTorrent(ctx context.Context, id string, body MakeTorrent) (out Draft, err error) {
	err = c.do(ctx, "POST", "/api/v1/shares/drafts/"+escape(id)+"/torrent", nil, body, &out)
	return out, err
}

// DownloadDraft: Get the torrent file that was made of a draft.
func (c *Client) DownloadDraft(ctx context.Context, id string) (out []byte, err error) {
	err = c.do(ctx, "GET", "/api/v1/shares/drafts/"+escape(id)+"/torrent/file", nil, nil, &out)
	return out, err
}

// ListPublicShares: List what is shared with everybody, and where.
func (c *Client) ListPublicShares(ctx context.Context) (out PublicShares, err error) {
	err = c.do(ctx, "GET", "/api/v1/shares/public", nil, nil, &out)
	return out, err
}

// RevokeShareQuery is what RevokeShare can be asked with; what is zero is left out.
type RevokeShareQuery struct {
	// Whether what is shared is removed from the disk.
	Content bool
}

func (q RevokeShareQuery) values() url.Values {
	v := url.Values{}
	if q.Content {
		v.Set("content", "true")
	}
	return v
}

// RevokeShare: End a share: the links, the torrents, and those who are connected. Of a
// share that is revoked already, what is left is forgotten. What others have fetched,
// they have.
func (c *Client) RevokeShare(ctx context.Context, id string, query RevokeShareQuery) error {
	return c.do(ctx, "DELETE", "/api/v1/shares/"+escape(id), query.values(), nil, nil)
}

// ShowShare: Show a share.
func (c *Client) ShowShare(ctx context.Context, id string) (out Share, err error) {
	err = c.do(ctx, "GET", "/api/v1/shares/"+escape(id), nil, nil, &out)
	return out, err
}

// ChangeShare: Change what is said of a share, or what its link demands. Who has
// redeemed the link goes on, whatever it demands now.
func (c *Client) ChangeShare(ctx context.Context, id string, body SharePatch) (out Share, err error) {
	err = c.do(ctx, "PATCH", "/api/v1/shares/"+escape(id), nil, body, &out)
	return out, err
}

// PublishShare: Share something with everybody as well. It is listed under the public
// link of the node, and seeded as a public torrent. The private link stays.
func (c *Client) PublishShare(ctx context.Context, id string, body Publication) (out Share, err error) {
	err = c.do(ctx, "POST", "/api/v1/shares/"+escape(id)+"/publish", nil, body, &out)
	return out, err
}

// DrawShareLink: Get a link as a QR code. A picture in SVG: black on white, with room
// around it.
func (c *Client) DrawShareLink(ctx context.Context, id string, which string) (out string, err error) {
	err = c.do(ctx, "GET", "/api/v1/shares/"+escape(id)+"/qr/"+escape(which), nil, nil, &out)
	return out, err
}

// UnpublishShare: Share something no longer with everybody. What others have fetched,
// they have.
func (c *Client) UnpublishShare(ctx context.Context, id string) (out Share, err error) {
	err = c.do(ctx, "POST", "/api/v1/shares/"+escape(id)+"/unpublish", nil, nil, &out)
	return out, err
}

// GetStatisticsQuery is what GetStatistics can be asked with; what is zero is left out.
type GetStatisticsQuery struct {
	// How far back: an hour in steps of 10 seconds, a day in steps of 10 minutes, 31 days
	// in hours, 366 days or all, which is two years, in days of UTC. One of hour, day,
	// month, year, all.
	Span string
}

func (q GetStatisticsQuery) values() url.Values {
	v := url.Values{}
	if q.Span != "" {
		v.Set("span", fmt.Sprint(q.Span))
	}
	return v
}

// GetStatistics: Show what was received and sent over time. Of all torrents, also those
// that are gone. The hour begins with the node; the rest outlasts it.
func (c *Client) GetStatistics(ctx context.Context, query GetStatisticsQuery) (out Statistics, err error) {
	err = c.do(ctx, "GET", "/api/v1/statistics", query.values(), nil, &out)
	return out, err
}

// GetStatus: Show how the node stands.
func (c *Client) GetStatus(ctx context.Context) (out Status, err error) {
	err = c.do(ctx, "GET", "/api/v1/status", nil, nil, &out)
	return out, err
}

// ListTokens: List tokens.
func (c *Client) ListTokens(ctx context.Context) (out Tokens, err error) {
	err = c.do(ctx, "GET", "/api/v1/tokens", nil, nil, &out)
	return out, err
}

// MakeToken: Make a token for a program. Its text is told this once.
func (c *Client) MakeToken(ctx context.Context, body NewToken) (out Made, err error) {
	err = c.do(ctx, "POST", "/api/v1/tokens", nil, body, &out)
	return out, err
}

// RevokeToken: Take a token away.
func (c *Client) RevokeToken(ctx context.Context, id int64) error {
	return c.do(ctx, "DELETE", "/api/v1/tokens/"+escape(id), nil, nil, nil)
}

// ListTorrentsQuery is what ListTorrents can be asked with; what is zero is left out.
type ListTorrentsQuery struct {
	// Only those in one of these states; active is those that send or receive at this
	// moment.
	State []string

	// Only those of this category; none is those without one.
	Category string

	// Only those that have all of these labels.
	Label []string

	// Only those that one of whose trackers has this in its host; none is those without
	// one.
	Tracker string

	// Only those whose name has all of these words, whatever their case.
	Search string

	// By what they are sorted. One of id, name, state, progress, size, added, completed,
	// last_active, down_rate, up_rate, eta, ratio, sent, received, peers, seeds, category,
	// position.
	Sort string

	// The other way round.
	Reverse bool

	// How many of those are passed over.
	Offset int64

	// How many are returned at most.
	Limit int64

	// Which properties of them; all if none is named.
	Fields []string
}

func (q ListTorrentsQuery) values() url.Values {
	v := url.Values{}
	if len(q.State) > 0 {
		v.Set("state", joined(q.State))
	}
	if q.Category != "" {
		v.Set("category", fmt.Sprint(q.Category))
	}
	if len(q.Label) > 0 {
		v.Set("label", joined(q.Label))
	}
	if q.Tracker != "" {
		v.Set("tracker", fmt.Sprint(q.Tracker))
	}
	if q.Search != "" {
		v.Set("search", fmt.Sprint(q.Search))
	}
	if q.Sort != "" {
		v.Set("sort", fmt.Sprint(q.Sort))
	}
	if q.Reverse {
		v.Set("reverse", "true")
	}
	if q.Offset != 0 {
		v.Set("offset", fmt.Sprint(q.Offset))
	}
	if q.Limit != 0 {
		v.Set("limit", fmt.Sprint(q.Limit))
	}
	if len(q.Fields) > 0 {
		v.Set("fields", joined(q.Fields))
	}
	return v
}

// ListTorrents: List torrents. A page of those that are asked for, filtered and sorted
// by the node. total is how many there are in all pages.
func (c *Client) ListTorrents(ctx context.Context, query ListTorrentsQuery) (out Page, err error) {
	err = c.do(ctx, "GET", "/api/v1/torrents", query.values(), nil, &out)
	return out, err
}

// AddTorrent: Add a torrent. By one of magnet, url, file and link. If it is there
// already, the problem is duplicate, and the value of its first error is the torrent's
// key.
func (c *Client) AddTorrent(ctx context.Context, body NewTorrent) (out Torrent, err error) {
	err = c.do(ctx, "POST", "/api/v1/torrents", nil, body, &out)
	return out, err
}

// DoWithTorrents: Do the same with many torrents. Where it fails with one of them, it
// is done with the others all the same.
func (c *Client) DoWithTorrents(ctx context.Context, body Bulk) (out Done, err error) {
	err = c.do(ctx, "POST", "/api/v1/torrents/bulk", nil, body, &out)
	return out, err
}

// CountTorrents: Count torrents by state, category, label and tracker. Each name is
// what list-torrents can be asked for; the empty one of categories and trackers is none
// there.
func (c *Client) CountTorrents(ctx context.Context) (out Counts, err error) {
	err = c.do(ctx, "GET", "/api/v1/torrents/counts", nil, nil, &out)
	return out, err
}

// UploadTorrentQuery is what UploadTorrent can be asked with; what is zero is left out.
type UploadTorrentQuery struct {
	// Full path of the folder that content goes to.
	Dir string

	// Its category; made if it is not there.
	Category string

	// Its labels.
	Label []string

	// Whether it waits for being resumed.
	Paused bool
}

func (q UploadTorrentQuery) values() url.Values {
	v := url.Values{}
	if q.Dir != "" {
		v.Set("dir", fmt.Sprint(q.Dir))
	}
	if q.Category != "" {
		v.Set("category", fmt.Sprint(q.Category))
	}
	if len(q.Label) > 0 {
		v.Set("label", joined(q.Label))
	}
	if q.Paused {
		v.Set("paused", "true")
	}
	return v
}

// UploadTorrent: Add a torrent by its file. The body is the file as it is. Everything
// else is as with add-torrent.
func (c *Client) UploadTorrent(ctx context.Context, query UploadTorrentQuery, body []byte) (out Torrent, err error) {
	err = c.do(ctx, "POST", "/api/v1/torrents/file", query.values(), file{"application/x-bittorrent", body}, &out)
	return out, err
}

// RemoveTorrentQuery is what RemoveTorrent can be asked with; what is zero is left out.
type RemoveTorrentQuery struct {
	// Whether its files are deleted as well.
	Content bool
}

func (q RemoveTorrentQuery) values() url.Values {
	v := url.Values{}
	if q.Content {
		v.Set("content", "true")
	}
	return v
}

// RemoveTorrent: Remove a torrent. Its files stay unless content is true.
func (c *Client) RemoveTorrent(ctx context.Context, key string, query RemoveTorrentQuery) error {
	return c.do(ctx, "DELETE", "/api/v1/torrents/"+escape(key), query.values(), nil, nil)
}

// GetTorrent: Show a torrent.
func (c *Client) GetTorrent(ctx context.Context, key string) (out Torrent, err error) {
	err = c.do(ctx, "GET", "/api/v1/torrents/"+escape(key), nil, nil, &out)
	return out, err
}

// ChangeTorrent: Change a torrent. All that is given is changed, or nothing.
func (c *Client) ChangeTorrent(ctx context.Context, key string, body Patch) (out Torrent, err error) {
	err = c.do(ctx, "PATCH", "/api/v1/torrents/"+escape(key), nil, body, &out)
	return out, err
}

// DownloadTorrent: Get the torrent file of a torrent. Without its trackers, in whose
// addresses may be keys, for who may not change torrents or settings.
func (c *Client) DownloadTorrent(ctx context.Context, key string) (out []byte, err error) {
	err = c.do(ctx, "GET", "/api/v1/torrents/"+escape(key)+"/file", nil, nil, &out)
	return out, err
}

// ListFiles: List the files of a torrent.
func (c *Client) ListFiles(ctx context.Context, key string) (out Files, err error) {
	err = c.do(ctx, "GET", "/api/v1/torrents/"+escape(key)+"/files", nil, nil, &out)
	return out, err
}

// PrioritizeFiles: Say how much files of a torrent are wanted.
func (c *Client) PrioritizeFiles(ctx context.Context, key string, body PrioritizingBody) (out Files, err error) {
	err = c.do(ctx, "PATCH", "/api/v1/torrents/"+escape(key)+"/files", nil, body, &out)
	return out, err
}

// MoveTorrent: Move the content of a torrent to another folder. What takes longer than
// ten seconds is answered with 202, and goes on; if it fails, the log of the node has
// why, and the content is where it was.
func (c *Client) MoveTorrent(ctx context.Context, key string, body MovingBody) (out MovedBody, err error) {
	err = c.do(ctx, "POST", "/api/v1/torrents/"+escape(key)+"/move", nil, body, &out)
	return out, err
}

// PauseTorrent: Pause a torrent.
func (c *Client) PauseTorrent(ctx context.Context, key string) error {
	return c.do(ctx, "POST", "/api/v1/torrents/"+escape(key)+"/pause", nil, nil, nil)
}

// ListPeers: List the connected peers of a torrent.
func (c *Client) ListPeers(ctx context.Context, key string) (out Peers, err error) {
	err = c.do(ctx, "GET", "/api/v1/torrents/"+escape(key)+"/peers", nil, nil, &out)
	return out, err
}

// AddPeers: Name peers of a torrent, to be dialled.
func (c *Client) AddPeers(ctx context.Context, key string, body PeeringBody) error {
	return c.do(ctx, "POST", "/api/v1/torrents/"+escape(key)+"/peers", nil, body, nil)
}

// ShowPieces: Show which pieces of a torrent there are.
func (c *Client) ShowPieces(ctx context.Context, key string) (out Pieces, err error) {
	err = c.do(ctx, "GET", "/api/v1/torrents/"+escape(key)+"/pieces", nil, nil, &out)
	return out, err
}

// PlaceTorrent: Give a torrent another place in the queue.
func (c *Client) PlaceTorrent(ctx context.Context, key string, body PlacingBody) error {
	return c.do(ctx, "POST", "/api/v1/torrents/"+escape(key)+"/position", nil, body, nil)
}

// ReannounceTorrent: Ask trackers and the DHT for peers, as soon as they allow it.
func (c *Client) ReannounceTorrent(ctx context.Context, key string) error {
	return c.do(ctx, "POST", "/api/v1/torrents/"+escape(key)+"/reannounce", nil, nil, nil)
}

// RecheckTorrent: Check all content of a torrent once more, in the background.
func (c *Client) RecheckTorrent(ctx context.Context, key string) error {
	return c.do(ctx, "POST", "/api/v1/torrents/"+escape(key)+"/recheck", nil, nil, nil)
}

// RenameFile: Rename a file or a folder of a torrent.
func (c *Client) RenameFile(ctx context.Context, key string, body RenamingBody) error {
	return c.do(ctx, "POST", "/api/v1/torrents/"+escape(key)+"/rename", nil, body, nil)
}

// ResumeTorrent: Resume a torrent.
func (c *Client) ResumeTorrent(ctx context.Context, key string) error {
	return c.do(ctx, "POST", "/api/v1/torrents/"+escape(key)+"/resume", nil, nil, nil)
}

// ListStreamsQuery is what ListStreams can be asked with; what is zero is left out.
type ListStreamsQuery struct {
	// Index of the one file that is wanted, whatever it is; -1 for those that can be
	// played.
	File int64

	// How long the URLs are good for.
	Seconds int64
}

func (q ListStreamsQuery) values() url.Values {
	v := url.Values{}
	if q.File != 0 {
		v.Set("file", fmt.Sprint(q.File))
	}
	if q.Seconds != 0 {
		v.Set("seconds", fmt.Sprint(q.Seconds))
	}
	return v
}

// ListStreams: Say where players can read the files of a torrent while they are
// fetched. What is read is fetched before all else. Ranges and HEAD work as with any
// file on the web.
func (c *Client) ListStreams(ctx context.Context, key string, query ListStreamsQuery) (out Streams, err error) {
	err = c.do(ctx, "GET", "/api/v1/torrents/"+escape(key)+"/streams", query.values(), nil, &out)
	return out, err
}

// ListTrackers: List the trackers of a torrent.
func (c *Client) ListTrackers(ctx context.Context, key string) (out Trackers, err error) {
	err = c.do(ctx, "GET", "/api/v1/torrents/"+escape(key)+"/trackers", nil, nil, &out)
	return out, err
}

// SetTrackers: Replace the trackers of a torrent.
func (c *Client) SetTrackers(ctx context.Context, key string, body TiersBody) (out Trackers, err error) {
	err = c.do(ctx, "PUT", "/api/v1/torrents/"+escape(key)+"/trackers", nil, body, &out)
	return out, err
}

// GetTracker: Show what the tracker of the node does.
func (c *Client) GetTracker(ctx context.Context) (out TrackerStatus, err error) {
	err = c.do(ctx, "GET", "/api/v1/tracker", nil, nil, &out)
	return out, err
}

// GetTrackerHistoryQuery is what GetTrackerHistory can be asked with; what is zero is left out.
type GetTrackerHistoryQuery struct {
	// How far back.
	Minutes int64
}

func (q GetTrackerHistoryQuery) values() url.Values {
	v := url.Values{}
	if q.Minutes != 0 {
		v.Set("minutes", fmt.Sprint(q.Minutes))
	}
	return v
}

// GetTrackerHistory: Show what the tracker of the node did, minute by minute. Of the
// last day at most, and not before it was started.
func (c *Client) GetTrackerHistory(ctx context.Context, query GetTrackerHistoryQuery) (out TrackerHistory, err error) {
	err = c.do(ctx, "GET", "/api/v1/tracker/history", query.values(), nil, &out)
	return out, err
}

// ListSwarmsQuery is what ListSwarms can be asked with; what is zero is left out.
type ListSwarmsQuery struct {
	// How many are shown.
	Limit int64
}

func (q ListSwarmsQuery) values() url.Values {
	v := url.Values{}
	if q.Limit != 0 {
		v.Set("limit", fmt.Sprint(q.Limit))
	}
	return v
}

// ListSwarms: List the torrents with most peers at the tracker of the node.
func (c *Client) ListSwarms(ctx context.Context, query ListSwarmsQuery) (out Swarms, err error) {
	err = c.do(ctx, "GET", "/api/v1/tracker/swarms", query.values(), nil, &out)
	return out, err
}

// RemoveWatchFolderQuery is what RemoveWatchFolder can be asked with; what is zero is left out.
type RemoveWatchFolderQuery struct {
	// Full path of the folder.
	Path string
}

func (q RemoveWatchFolderQuery) values() url.Values {
	v := url.Values{}
	if q.Path != "" {
		v.Set("path", fmt.Sprint(q.Path))
	}
	return v
}

// RemoveWatchFolder: Watch a folder no more. Nothing happens to the folder.
func (c *Client) RemoveWatchFolder(ctx context.Context, query RemoveWatchFolderQuery) error {
	return c.do(ctx, "DELETE", "/api/v1/watch-folders", query.values(), nil, nil)
}

// ListWatchFolders: List folders that are watched for torrent files, and what became of
// these.
func (c *Client) ListWatchFolders(ctx context.Context) (out WatchList, err error) {
	err = c.do(ctx, "GET", "/api/v1/watch-folders", nil, nil, &out)
	return out, err
}

// SetWatchFolder: Watch a folder, or change how it is watched. It is kept as the
// setting paths.watch, which then counts instead of the list in the configuration file.
func (c *Client) SetWatchFolder(ctx context.Context, body WatchFolder) (out WatchList, err error) {
	err = c.do(ctx, "PUT", "/api/v1/watch-folders", nil, body, &out)
	return out, err
}
