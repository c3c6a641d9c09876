// Code generated from docs/openapi.json by internal/house/clientgen. DO NOT EDIT.

/**
 * A client of the API of a warren node, for browsers and Node.js 18 or later, with
 * nothing but what these have. What is 0, false or empty may be missing in answers.
 *
 *     const client = new Client("http://127.0.0.1:9471", token);
 *     const page = await client.listTorrents({ state: ["downloading"] });
 *
 * @module
 */

/**
 * @typedef {object} AskingBody
 * @property {string} [passphrase]
 *   What the backup is encrypted under; not at all if absent.
 */

/**
 * @typedef {object} Attr
 * @property {string} key
 *   What it is about.
 * @property {string} value
 *   What it says.
 */

/**
 * @typedef {object} Audit
 * @property {Entry[]} entries
 *   The newest first.
 */

/**
 * @typedef {object} BlockList
 * @property {string} [loaded]
 *   When it was read last; left out if it never was.
 * @property {string} location
 *   Full path of a file, or a URL; of that the host alone, unless settings may be
 *   changed.
 * @property {string} [problem]
 *   Why that has failed since, if it has: what was read before counts on.
 * @property {number} ranges
 *   How many ranges of addresses it has.
 * @property {number} [skipped]
 *   How many lines were not understood.
 */

/**
 * @typedef {object} BlockLists
 * @property {BlockList[]} lists
 *   In the order in which they were added.
 */

/**
 * @typedef {object} Blocked
 * @property {string} what
 *   Such as local network, or a kind of traffic; everything if the interface is away.
 * @property {string} why
 *   In a sentence.
 */

/**
 * @typedef {object} Bulk
 * @property {string} action
 *   What is done with each of them, as by the operation of that name. One of pause,
 *   resume, recheck, reannounce, remove, change.
 * @property {Patch} [change]
 *   With change: what is to be different.
 * @property {boolean} [content]
 *   With remove: whether the files are deleted as well.
 * @property {string[]} keys
 *   Info-hashes or ids of the torrents.
 */

/**
 * @typedef {object} Categories
 * @property {Category[]} categories
 *   In the order of their names.
 */

/**
 * @typedef {object} Category
 * @property {string} [dir]
 *   Folder that content of its torrents goes to; empty for the default.
 * @property {number} [down_limit]
 *   Bytes a second for all of them together, 0 for no limit.
 * @property {string} name
 *   What it is called.
 * @property {number} [up_limit]
 *   Bytes a second for all of them together, 0 for no limit.
 */

/**
 * @typedef {object} CategorySettings
 * @property {string} [dir]
 *   Full path of the folder that content of its torrents goes to; empty for the default.
 * @property {number} [down_limit]
 *   Bytes a second for all of them together, 0 for no limit.
 * @property {number} [up_limit]
 *   Bytes a second for all of them together, 0 for no limit.
 */

/**
 * @typedef {object} Counts
 * @property {number} active
 *   How many send or receive at this moment.
 * @property {Object<string, number>} categories
 *   How many are of each category; those without one under the empty name.
 * @property {Object<string, number>} labels
 *   How many have each label.
 * @property {Object<string, number>} states
 *   How many are in each state; none is left out.
 * @property {number} total
 *   How many there are.
 * @property {Object<string, number>} trackers
 *   How many have each tracker, by its host; those without one under the empty name.
 */

/**
 * @typedef {object} Delta
 * @property {Torrent[]} [changed]
 *   Torrents that are new or stand differently, as they stand now.
 * @property {boolean} [full]
 *   Whether what was asked from is not known any more: then all torrents are in changed,
 *   and others are gone.
 * @property {boolean} [groups]
 *   Whether categories or labels have changed.
 * @property {number[]} [removed]
 *   Ids of torrents that are gone.
 * @property {number} revision
 *   To ask from next time.
 * @property {Totals} [totals]
 *   All torrents together, if something has changed.
 */

/**
 * @typedef {object} Done
 * @property {number} done
 *   How many torrents it was done with.
 * @property {Failed[]} failed
 *   Those where it failed.
 */

/**
 * @typedef {object} Draft
 * @property {ShareCaution[]} cautions
 *   The most urgent first, 100 at most.
 * @property {number} done
 *   Bytes of the present step that are done,
 * @property {string} [error]
 *   Why it has failed, or is not public.
 * @property {number} files
 *   
 * @property {ShareFinding[]} findings
 *   The first 200 of what files tell.
 * @property {number} found
 *   All of it.
 * @property {string} id
 *   
 * @property {string} name
 *   
 * @property {string} path
 *   
 * @property {number} removable
 *   How much of that can be taken out.
 * @property {string} [share]
 *   What has become of it.
 * @property {number} size
 *   Bytes.
 * @property {string} state
 *   One of looking, ready, stripping, hashing, done, failed.
 * @property {string} [torrent]
 *   Key of the torrent that was made of it instead: download-draft has it.
 * @property {number} total
 *   of so many; 0 until that is known, or while another draft has its turn.
 */

/**
 * @typedef {object} Entry
 * @property {string} at
 *   When.
 * @property {string} [failure]
 *   Why it failed.
 * @property {number} id
 *   Its number, higher than those before.
 * @property {number} status
 *   Status of HTTP that it was answered with.
 * @property {string} [target]
 *   What it was done to.
 * @property {string} way
 *   How that was shown. One of key, cookie, token, none.
 * @property {string} what
 *   The operation.
 * @property {string} who
 *   Name of the token, or owner.
 */

/**
 * @typedef {object} ErrorDetail
 * @property {string} [location]
 *   Where the error occurred, e.g. 'body.items[3].tags' or 'path.thing-id'
 * @property {string} [message]
 *   Error message text
 * @property {unknown} [value]
 *   The value at the given location
 */

/**
 * @typedef {object} ProblemDocument
 * @property {string} [detail]
 *   A human-readable explanation specific to this occurrence of the problem.
 * @property {ErrorDetail[]} [errors]
 *   Optional list of individual error details
 * @property {string} [instance]
 *   A URI reference that identifies the specific occurrence of the problem.
 * @property {number} [status]
 *   HTTP status code
 * @property {string} [title]
 *   A short, human-readable summary of the problem type. This value should not change
 *   between occurrences of the error.
 * @property {string} [type]
 *   A URI reference to human-readable documentation for the error.
 */

/**
 * @typedef {object} Event
 * @property {Delta} [delta]
 *   Data of the event delta.
 * @property {Ready} [ready]
 *   Data of the event ready.
 * @property {Page} [snapshot]
 *   Data of the event snapshot.
 */

/**
 * @typedef {object} ExportingBody
 * @property {string} [passphrase]
 *   What the copy lies under; none if absent.
 */

/**
 * @typedef {object} Failed
 * @property {string} key
 *   As it was given.
 * @property {string} type
 *   Type of the problem.
 * @property {string} why
 *   Why, for people.
 */

/**
 * @typedef {object} Family
 * @property {string} [arrived]
 *   When somebody connected last.
 * @property {string} cause
 *   Why that is so: asking, closed, offline, connected, own-address, mapped, firewall,
 *   refused, not-asked, carrier, no-router or two-routers.
 * @property {string} [error]
 *   Why the router has not passed on all ports.
 * @property {string} [external]
 *   Where others reach us, as far as is known.
 * @property {string} [local]
 *   Address of this machine by which packets leave.
 * @property {string} [method]
 *   By which the router was asked for the port: PCP, NAT-PMP or UPnP.
 * @property {string} [router]
 *   The next hop.
 * @property {string} [seen]
 *   As whom others see us.
 * @property {string} state
 *   Whether others can connect: yes if somebody on the Internet has. One of unknown,
 *   unproven, probably, yes.
 */

/**
 * @typedef {object} Feed
 * @property {string} [checked]
 *   When it was fetched last, or that was tried.
 * @property {string} [due]
 *   When it is fetched next; left out if that is as soon as can be.
 * @property {number} [every]
 *   Seconds between two looks, 0 for what feeds.interval says.
 * @property {number} [failures]
 *   How often that has failed in a row.
 * @property {number} id
 *   Its number.
 * @property {number} items
 *   How many items of it lie here.
 * @property {string} [name]
 *   As the user calls it.
 * @property {string} [problem]
 *   Why it has failed the last time, if it has.
 * @property {string} [title]
 *   As it calls itself.
 * @property {number} unread
 *   How many of them nobody has marked as read.
 * @property {string} url
 *   Where it is; the host alone, unless settings may be changed.
 */

/**
 * @typedef {object} FeedItem
 * @property {boolean} current
 *   Whether the feed has it still.
 * @property {number} feed
 *   Number of the feed.
 * @property {number} id
 *   Its number.
 * @property {string} [link]
 *   Where its torrent is, if it says so; left out unless settings may be changed.
 * @property {string} [page]
 *   Where people read about it; left out likewise.
 * @property {string} [problem]
 *   Why it was not added, or not by us.
 * @property {string} [published]
 *   As the feed says.
 * @property {boolean} read
 *   Whether it was marked as read.
 * @property {string} [retry]
 *   When it is tried again at the earliest.
 * @property {string} [rule]
 *   By which rule it was added; empty if that was done by hand.
 * @property {string} seen
 *   When it was seen first.
 * @property {number} [size]
 *   Bytes of its content, 0 if that is not known.
 * @property {string} state
 *   What became of it: nothing, its torrent was added, or that was given up. One of new,
 *   added, failed.
 * @property {string} title
 *   What it is called.
 * @property {number} [tries]
 *   How often that was tried.
 */

/**
 * @typedef {object} FeedItemPatch
 * @property {boolean} read
 *   Whether it counts as read.
 */

/**
 * @typedef {object} FeedItems
 * @property {FeedItem[]} items
 *   The newest first.
 */

/**
 * @typedef {object} FeedList
 * @property {Feed[]} feeds
 *   In the order in which they were added.
 * @property {boolean} on
 *   Whether feeds are read at all: feeds.on.
 */

/**
 * @typedef {object} FeedPatch
 * @property {number} [every]
 *   Seconds between two looks, at least 300; 0 for what feeds.interval says.
 * @property {string} [name]
 *   What to call it.
 * @property {string} [url]
 *   Where it is.
 */

/**
 * @typedef {object} FeedRule
 * @property {string} [last]
 *   When something was fetched by it last.
 * @property {string} name
 *   What it is called. Rules are asked in the order of their names.
 * @property {FeedRuleSettings} rule
 *   What it wants.
 */

/**
 * @typedef {object} FeedRuleName
 * @property {string} name
 *   What it is called.
 */

/**
 * @typedef {object} FeedRuleSettings
 * @property {string} [category]
 *   Category of what it fetches.
 * @property {string} [dir]
 *   Full path of the folder that content goes to; empty for the default.
 * @property {string} [episodes]
 *   Which episodes are wanted, as S01, S01E05-E10, S01E05- or 1x2;8-15;30-; empty for
 *   all.
 * @property {string} [exclude]
 *   Words that it must not have, in the same way.
 * @property {string[]} [feeds]
 *   URLs of the feeds it is for; none are all.
 * @property {number} [ignore_days]
 *   For how many days nothing else is fetched once something was.
 * @property {string} [include]
 *   Words that a title must have: spaces mean and, | means or, * and ? stand for any
 *   characters.
 * @property {string[]} [labels]
 *   Labels of what it fetches.
 * @property {number} [max_size]
 *   Bytes; what is larger is not wanted. 0 for no bound.
 * @property {number} [min_size]
 *   Bytes; what is smaller is not wanted.
 * @property {boolean} [off]
 *   Whether it is kept without being asked.
 * @property {boolean} [once]
 *   Whether each episode is fetched once, and once more if it was repaired.
 * @property {boolean} [paused]
 *   Whether it waits for being resumed; as queue.add-paused says if this is left out.
 * @property {boolean} [regexp]
 *   Whether both are regular expressions (RE2) instead.
 */

/**
 * @typedef {object} FeedRules
 * @property {FeedRule[]} rules
 *   In the order of their names, in which they are asked.
 */

/**
 * @typedef {object} FeedTrial
 * @property {number} [limit]
 *   At most so many items are looked at, the newest.
 * @property {string} [name]
 *   Of a rule that is kept: it is tried if rule is left out, and otherwise what was
 *   fetched by it counts.
 * @property {FeedRuleSettings} [rule]
 *   A rule that need not be kept.
 */

/**
 * @typedef {object} FeedVerdict
 * @property {FeedItem} item
 *   The item.
 * @property {boolean} wanted
 *   Whether the rule would fetch it.
 * @property {string} [why]
 *   Why not, if it would not.
 */

/**
 * @typedef {object} FeedVerdicts
 * @property {FeedVerdict[]} verdicts
 *   Of the items in feeds that it is for, the newest first.
 */

/**
 * @typedef {object} FetchOptions
 * @property {string} [category]
 *   Its category.
 * @property {string} [dir]
 *   Full path of the folder that its content goes to; empty for the default.
 * @property {string[]} [labels]
 *   Its labels.
 * @property {boolean} [paused]
 *   Whether it waits for being resumed; as queue.add-paused says if this is left out.
 */

/**
 * @typedef {object} File
 * @property {number} done
 *   Bytes that are there and verified.
 * @property {number} end
 *   The piece after the last one.
 * @property {number} first
 *   The first piece that has some of it.
 * @property {number} index
 *   Number of the file in the torrent, from 0.
 * @property {number} offset
 *   Where its first byte is in the torrent.
 * @property {string} path
 *   Where it is below the folder of the torrent, with slashes.
 * @property {boolean} [playable]
 *   Whether it is a film or sound by its name: list-streams says where players read it.
 * @property {string} priority
 *   How much it is wanted; skip is not fetched. One of skip, low, normal, high.
 * @property {number} size
 *   Bytes.
 */

/**
 * @typedef {object} Files
 * @property {File[]} files
 *   Padding left out.
 */

/**
 * @typedef {object} Folder
 * @property {FolderEntry[]} entries
 *   Folders first, by name.
 * @property {string} [parent]
 *   Absent at the root of the disk.
 * @property {string} path
 *   
 * @property {boolean} truncated
 *   There are more than the 5,000 that are listed.
 */

/**
 * @typedef {object} FolderEntry
 * @property {boolean} folder
 *   
 * @property {string} modified
 *   
 * @property {string} name
 *   
 * @property {string} path
 *   
 * @property {number} size
 *   Bytes of a file.
 */

/**
 * @typedef {object} Goal
 * @property {number} [idle_time]
 *   Seconds of seeding without sending anything; 0 is the default, less is no goal.
 * @property {number} [ratio]
 *   Bytes sent for each byte of the content; 0 is the default, less is no goal.
 * @property {number} [seed_time]
 *   Seconds of seeding; 0 is the default, less is no goal.
 * @property {string} [then]
 *   What happens then. One of pause, remove, remove-content.
 */

/**
 * @typedef {object} Hook
 * @property {string} name
 *   Of the setting, as complete for hooks.complete.
 * @property {string[]} on
 *   What it is told of: added, completed, failed, removed.
 * @property {string} [program]
 *   Full path of the program, unless it is a server.
 * @property {string} [server]
 *   Host of the server, unless it is a program.
 * @property {number} timeout
 *   Seconds it may take.
 */

/**
 * @typedef {object} HookList
 * @property {Hook[]} hooks
 *   In the order in which they are told.
 * @property {HookResult[]} results
 *   Of the last events, the newest first; of this run alone.
 */

/**
 * @typedef {object} HookResult
 * @property {string} at
 *   When it was told.
 * @property {string} event
 *   What happened.
 * @property {string} hook
 *   Its name.
 * @property {string} [output]
 *   The beginning of what the program said; left out unless settings may be changed.
 * @property {string} [problem]
 *   Why it has failed, if it has.
 * @property {number} took
 *   Seconds.
 * @property {string} torrent
 *   Name of the torrent.
 */

/**
 * @typedef {object} Identities
 * @property {Identity[]} identities
 *   The oldest first.
 */

/**
 * @typedef {object} Identity
 * @property {string} created
 *   When it came to this node.
 * @property {boolean} default
 *   Whether it is meant unless another is named.
 * @property {string} id
 *   Its text, which begins with wr1: others know it by this.
 * @property {boolean} locked
 *   Whether the passphrase has to be given before anything is done in its name.
 * @property {string} name
 *   What its owner calls it. Nobody else sees that.
 * @property {boolean} passphrase
 *   Whether it lies under a passphrase.
 */

/**
 * @typedef {object} IdentityPatch
 * @property {boolean} [default]
 *   True makes it the one that is meant unless another is named.
 * @property {string} [name]
 *   What to call it.
 */

/**
 * @typedef {object} ImportingBody
 * @property {string} file
 *   What export-identity has given, as base64. The passphrase is that of the file, and
 *   stays.
 * @property {string} name
 *   What to call it: 1 to 64 characters.
 * @property {string} [passphrase]
 *   What it lies under; none if absent.
 */

/**
 * @typedef {object} Interface
 * @property {string[]} addresses
 *   From which packets leave.
 * @property {boolean} [by_address]
 *   Whether sockets are bound to its addresses only, as the system has nothing better:
 *   other routes can send packets elsewhere then.
 * @property {string} name
 *   As it was given: its name, or an address of it.
 * @property {boolean} up
 *   Whether packets leave by it.
 * @property {string} [why]
 *   Why not.
 */

/**
 * @typedef {object} Label
 * @property {number} count
 *   How many torrents have it.
 * @property {number} [down_limit]
 *   Bytes a second for all of them together, 0 for no limit.
 * @property {string} name
 *   The word.
 * @property {number} [up_limit]
 *   Bytes a second for all of them together, 0 for no limit.
 */

/**
 * @typedef {object} LabelSettings
 * @property {number} [down_limit]
 *   Bytes a second for all of them together, 0 for no limit.
 * @property {number} [up_limit]
 *   Bytes a second for all of them together, 0 for no limit.
 */

/**
 * @typedef {object} Labels
 * @property {Label[]} labels
 *   In their order.
 */

/**
 * @typedef {object} Licence
 * @property {string} [id]
 *   Of SPDX, such as CC-BY-4.0.
 * @property {string} [text]
 *   In words.
 */

/**
 * @typedef {object} Line
 * @property {Attr[]} [attrs]
 *   What else it says.
 * @property {string} level
 *   How much it matters. One of debug, info, warn, error.
 * @property {number} [lost]
 *   Lines before this one that a reader was too slow for.
 * @property {string} message
 *   What happened.
 * @property {string} part
 *   Part of the program.
 * @property {string} time
 *   When.
 */

/**
 * @typedef {object} Log
 * @property {Line[]} lines
 *   The oldest first.
 */

/**
 * @typedef {object} LogEvent
 * @property {Line} [line]
 *   Data of the event line.
 */

/**
 * @typedef {object} Made
 * @property {string} text
 *   The token. It is told this once and kept nowhere.
 * @property {Token} token
 *   What is known of it.
 */

/**
 * @typedef {object} MakeTorrent
 * @property {string} [comment]
 *   That everybody reads.
 * @property {boolean} [private]
 *   Whether its trackers alone say who has it (BEP 27).
 * @property {boolean} [seed]
 *   Add it to the node as well, which names its own tracker then, and gives it to others.
 * @property {string[]} [trackers]
 *   URLs, each asked if those before it fail.
 */

/**
 * @typedef {object} MovedBody
 * @property {boolean} done
 *   Whether that is done; otherwise it goes on.
 */

/**
 * @typedef {object} MovingBody
 * @property {string} dir
 *   Full path of a folder; made if it is not there.
 */

/**
 * @typedef {object} Network
 * @property {Blocked[]} blocked
 *   What does not go at all, and why.
 * @property {Interface} [interface]
 *   That by which everything leaves; absent if it leaves as the routes of the machine
 *   say.
 * @property {boolean} kill_switch
 *   Whether nothing leaves while that interface is away: so wherever one is named.
 * @property {Proxy[]} proxies
 *   Those in use. If one is away nothing goes beside it.
 * @property {Way[]} ways
 *   By which way each kind of traffic leaves.
 */

/**
 * @typedef {object} NewBlockList
 * @property {string} location
 *   Full path of a file, or a URL: ipfilter.dat, P2P text, or addresses, ranges and CIDR
 *   prefixes, gzipped or not.
 */

/**
 * @typedef {object} NewDraft
 * @property {string} path
 *   The full path of a file or folder of the node.
 */

/**
 * @typedef {object} NewFeed
 * @property {number} [every]
 *   Seconds between two looks, at least 300; 0 for what feeds.interval says.
 * @property {string} [name]
 *   What to call it.
 * @property {string} url
 *   Where it is on the web. It may be on this machine or beside it.
 */

/**
 * @typedef {object} NewIdentity
 * @property {string} name
 *   What to call it: 1 to 64 characters.
 * @property {string} [passphrase]
 *   What it lies under; none if absent.
 */

/**
 * @typedef {object} NewShare
 * @property {boolean} confirmed
 *   True says that the owner has read what the draft tells.
 * @property {string} [description]
 *   
 * @property {boolean} [direct]
 *   Whether files can be had over HTTP,
 * @property {number} [direct_limit]
 *   up to so many bytes each; 0 is 100 MiB.
 * @property {string} [expires]
 *   When the private link ends, as in RFC 3339; never if absent.
 * @property {string} [identity]
 *   Which signs: its name or text; the default one if absent.
 * @property {Licence} [licence]
 *   
 * @property {string} [passphrase]
 *   What is needed to redeem it.
 * @property {Provenance} [provenance]
 *   
 * @property {boolean} [publish]
 *   Share it with everybody at once: that needs a licence.
 * @property {boolean} [strip]
 *   Share a copy, from which is taken out what can be.
 * @property {string[]} [tags]
 *   
 * @property {string} title
 *   
 * @property {number} [uses]
 *   How often the link can be redeemed; 0 for any number.
 */

/**
 * @typedef {object} NewToken
 * @property {string} [expires]
 *   When it stops being good; absent for never.
 * @property {string} name
 *   Which program it is for.
 * @property {string[]} scopes
 *   What may be done with it.
 */

/**
 * @typedef {object} NewTorrent
 * @property {string} [category]
 *   Its category; made if it is not there.
 * @property {string} [dir]
 *   Full path of the folder that content goes to; that of the category, or the default.
 * @property {number} [down_limit]
 *   Bytes a second, 0 for no limit.
 * @property {string} [file]
 *   A torrent file, as base64.
 * @property {boolean} [first_last]
 *   Whether the first and last pieces of files come first.
 * @property {boolean} [forced]
 *   Whether it is active whatever the queue says.
 * @property {Goal} [goal]
 *   When it has given enough.
 * @property {string[]} [labels]
 *   Its labels.
 * @property {string} [link]
 *   The whole link of a share, with what follows #.
 * @property {string} [magnet]
 *   A magnet link.
 * @property {number} [max_peers]
 *   Connections, 0 for the default.
 * @property {string} [name]
 *   What it is called here.
 * @property {boolean} [ours]
 *   Whether it was made here: the tracker of the node becomes one of its, unless it
 *   demands TLS or is a private one of others.
 * @property {string} [passphrase]
 *   To redeem the link with.
 * @property {boolean} [paused]
 *   Whether it waits for being resumed; as the settings say.
 * @property {string[]} [peers]
 *   Addresses of peers, IP:PORT.
 * @property {boolean} [redeem]
 *   Whether the link is redeemed if it has to be, which counts as a use of it unless
 *   open-link has done so.
 * @property {boolean} [sequential]
 *   Whether it is fetched from the front to the end.
 * @property {number[]} [skip]
 *   Files that are not wanted, by their index.
 * @property {string} [stamp]
 *   By who has hashed the content that lies in dir just now: SHA-256 in hexadecimal over
 *   path NUL size NUL time of last change in nanoseconds since 1970 LF for each file but
 *   padding. If the node finds the same, it does not hash it again. For the owner alone.
 * @property {boolean} [super_seed]
 *   Whether pieces are shown to peers one by one (BEP 16).
 * @property {string} [tls]
 *   Whether peers are spoken to over TLS; as the settings say. One of off, prefer,
 *   require.
 * @property {string[]} [trackers]
 *   Trackers that are asked before its own; they may be on this machine or in its
 *   network.
 * @property {number} [up_limit]
 *   Bytes a second, 0 for no limit.
 * @property {string} [url]
 *   Where a torrent file is on the web: http or https, on the Internet alone; or a magnet
 *   link, or the link of a share.
 */

/**
 * @typedef {object} OwnerKey
 * @property {string} key
 *   The key. It lies in HOME/management-token as well.
 * @property {string} path
 *   Where a browser gets its cookie with it, from the root of the node's address on.
 */

/**
 * @typedef {object} Page
 * @property {number} [offset]
 *   How many were in the pages before.
 * @property {number} revision
 *   When the snapshot was begun.
 * @property {Torrent[]} [torrents]
 *   The torrents, in the order of their ids.
 * @property {number} [total]
 *   Torrents in all pages together.
 */

/**
 * @typedef {object} Patch
 * @property {string[]} [add_labels]
 *   Labels that it gets as well.
 * @property {string} [category]
 *   Its category; made if it is not there. Empty for none.
 * @property {number} [down_limit]
 *   Bytes a second, 0 for no limit.
 * @property {boolean} [first_last]
 *   Whether the first and last pieces of files come first.
 * @property {boolean} [forced]
 *   Whether it is active whatever the queue says.
 * @property {Goal} [goal]
 *   When it has given enough.
 * @property {string[]} [labels]
 *   Its labels.
 * @property {number} [max_peers]
 *   Connections, 0 for the default.
 * @property {string} [name]
 *   What it is called here.
 * @property {string} [note]
 *   The user's own words.
 * @property {string[]} [remove_labels]
 *   Labels that are taken off it.
 * @property {boolean} [sequential]
 *   Whether it is fetched from the front to the end.
 * @property {boolean} [super_seed]
 *   Whether pieces are shown to peers one by one (BEP 16), from the next start on.
 * @property {string} [tls]
 *   Whether peers are spoken to over TLS. One of off, prefer, require.
 * @property {number} [up_limit]
 *   Bytes a second, 0 for no limit.
 */

/**
 * @typedef {object} Peer
 * @property {string} address
 *   IP:PORT.
 * @property {boolean} am_choking
 *   Whether we serve it not.
 * @property {boolean} am_interested
 *   Whether we want something of it.
 * @property {boolean} choking
 *   Whether it serves us not.
 * @property {string} client
 *   What it says it is, "" if it does not.
 * @property {number} down_rate
 *   Bytes a second, from it.
 * @property {boolean} incoming
 *   Whether it has called us.
 * @property {boolean} interested
 *   Whether it wants something of us.
 * @property {string} over
 *   By which way. One of tcp, utp.
 * @property {number} progress
 *   How much it has, 0 to 1.
 * @property {string} protection
 *   How the connection is protected. One of tls, mse, plain.
 * @property {number} received
 *   Bytes of content from it.
 * @property {boolean} seed
 *   Whether it has everything.
 * @property {number} sent
 *   Bytes of content to it.
 * @property {string} since
 *   When it was connected.
 * @property {number} up_rate
 *   Bytes a second, to it.
 */

/**
 * @typedef {object} PeeringBody
 * @property {string[]} peers
 *   Addresses, IP:PORT.
 */

/**
 * @typedef {object} Peers
 * @property {Peer[]} peers
 *   In no order.
 */

/**
 * @typedef {object} Pieces
 * @property {number[]} availability
 *   How many connected peers have each piece; empty if nothing moves.
 * @property {number} count
 *   How many pieces the torrent has.
 * @property {number} done
 *   How many of them are there and verified.
 * @property {string} have
 *   One bit for each piece, the first one in the highest bit of the first byte (BEP 3),
 *   as base64.
 * @property {number} length
 *   Bytes of a piece; the last may be shorter.
 */

/**
 * @typedef {object} PlacingBody
 * @property {number} position
 *   How many are to stand before it in the queue.
 */

/**
 * @typedef {object} Preview
 * @property {string} [description]
 *   
 * @property {string} [expires]
 *   When the link ends.
 * @property {number} files
 *   
 * @property {SharedFile[]} first_files
 *   The first 100.
 * @property {boolean} fits
 *   and whether they suffice.
 * @property {number} free
 *   Bytes on the disk where it would land, -1 if that is not known,
 * @property {string} [here]
 *   The key of the torrent, if the node has it already.
 * @property {string} [key]
 *   Of who has signed it, in hexadecimal.
 * @property {string} kind
 *   One of private, public.
 * @property {Licence} licence
 *   
 * @property {boolean} [needs_passphrase]
 *   It is shown to those alone who redeem the link with a passphrase; nothing below is
 *   known.
 * @property {boolean} [needs_redeem]
 *   It is shown to those alone who redeem the link, which uses it up in part; nothing
 *   below is known.
 * @property {Provenance} provenance
 *   
 * @property {number} size
 *   Bytes of all files.
 * @property {string[]} tags
 *   
 * @property {string} title
 *   
 */

/**
 * @typedef {object} PrioritizingBody
 * @property {Object<string, string>} priorities
 *   By the index of the file: skip, low, normal or high.
 */

/**
 * @typedef {object} Provenance
 * @property {string} [author]
 *   Who made it.
 * @property {string} [created]
 *   When it was made: a date such as 2024-05-01, or a time as in RFC 3339.
 * @property {string} [derived]
 *   What it was made of.
 * @property {string} [source]
 *   An address where more is to be found.
 */

/**
 * @typedef {object} Proxy
 * @property {string} proxy
 *   Its URL, without user and password.
 * @property {string} [trouble]
 *   Why the last attempt to reach it came to nothing.
 */

/**
 * @typedef {object} PublicShares
 * @property {string} [link]
 *   Where they are listed; absent if there are none, or it is not known where others
 *   reach the node.
 * @property {Share[]} shares
 *   
 */

/**
 * @typedef {object} Publication
 * @property {boolean} confirmed
 *   True says that the owner has read what becomes public.
 * @property {Licence} [licence]
 *   Instead of the licence that it has: what is public needs one.
 * @property {string} [title]
 *   Instead of the title that it has.
 */

/**
 * @typedef {object} Reachability
 * @property {string} [advice]
 *   What can be done, if anything has to be.
 * @property {Family} ipv4
 *   By IPv4.
 * @property {Family} ipv6
 *   By IPv6.
 * @property {number} port
 *   The node listens on; 0 without.
 * @property {string} summary
 *   In a sentence.
 */

/**
 * @typedef {object} Ready
 * @property {number} revision
 *   When the snapshot was begun.
 * @property {Totals} [totals]
 *   All torrents together, if they are wanted.
 */

/**
 * @typedef {object} RenamingBody
 * @property {string} from
 *   Path of a file or folder of the torrent, with slashes.
 * @property {string} to
 *   Path that it gets.
 */

/**
 * @typedef {object} ResealingBody
 * @property {string} [old]
 *   The passphrase that it lies under now, if there is one.
 * @property {string} passphrase
 *   The new one; empty for none.
 */

/**
 * @typedef {object} Schedule
 * @property {SpeedLimits} alternative
 *   The other limits: limits.alternative.up and limits.alternative.down.
 * @property {boolean} by_hand
 *   Whether that was said by hand, against the rules.
 * @property {boolean} is_alternative
 *   Whether the limits that hold now are the alternative ones.
 * @property {SpeedLimits} limits
 *   What holds now.
 * @property {boolean} on
 *   Whether rules are kept: schedule.on.
 * @property {boolean} paused
 *   Whether the schedule has stopped everything.
 * @property {string[]} rules
 *   What holds when, as in schedule.rules; the last one that names a limit decides on it.
 * @property {string} [until]
 *   When something else holds; left out if that never happens by itself.
 * @property {SpeedLimits} usual
 *   What holds when no rule says anything: limits.up and limits.down.
 */

/**
 * @typedef {object} Sealed
 * @property {string} file
 *   As docs/protocols/permid.md has it, as base64. Who has it, and its passphrase if
 *   there is one, is this identity to others.
 */

/**
 * @typedef {object} Session
 * @property {string} [csrf]
 *   With a cookie: what a change must send as the header X-CSRF-Token.
 * @property {string} name
 *   Name of the token, or owner.
 * @property {string[]} scopes
 *   What may be done.
 * @property {string} way
 *   How that was shown. One of key, cookie, token.
 */

/**
 * @typedef {object} Setting
 * @property {string[]} [choices]
 *   The words it can be, if it is one of some.
 * @property {string} [default]
 *   What it is unless something else is said, as it is typed.
 * @property {boolean} [fixed]
 *   Whether programs may not change it: it is set in the configuration file alone.
 * @property {string} help
 *   What it is, for people.
 * @property {string} key
 *   Its name, with dots, as limits.up.
 * @property {string} kind
 *   What it looks like, in words.
 * @property {boolean} live
 *   Whether it takes effect without a restart.
 * @property {string} origin
 *   Where the value came from; store is a change through the API. One of default, file,
 *   store, env, flag.
 * @property {unknown} value
 *   What it is set to: text, true or false, a number, or a list of texts.
 */

/**
 * @typedef {object} Settings
 * @property {string[]} restart
 *   Those that were changed and wait for a restart.
 * @property {Setting[]} settings
 *   In the order of the configuration file.
 */

/**
 * @typedef {object} Share
 * @property {string} created
 *   
 * @property {string} [description]
 *   
 * @property {boolean} direct
 *   Whether files can be had over HTTP.
 * @property {number} direct_limit
 *   Up to how many bytes each.
 * @property {number} downloads
 *   Files that were had over HTTP.
 * @property {string} [expires]
 *   When the private link ends; never if absent.
 * @property {number} files
 *   
 * @property {string} id
 *   
 * @property {string} identity
 *   The name of the identity that signs, its text if it is gone.
 * @property {string} key
 *   By which others know who has signed, in hex; it does not tell the identity.
 * @property {Licence} licence
 *   
 * @property {string} [link]
 *   The private link: who has it has all of the share. Absent if it is not known where
 *   others reach the node, or the share is revoked.
 * @property {string} [page]
 *   The address of its page, without what opens the torrent.
 * @property {boolean} passphrase
 *   Whether one is needed.
 * @property {Provenance} provenance
 *   
 * @property {string} [public_link]
 *   The link for everybody, if it is public.
 * @property {string} [public_torrent]
 *   That of the public one.
 * @property {boolean} reachable
 *   Whether others can follow the links, as far as that is known.
 * @property {number} sequence
 *   Of the record that was signed last.
 * @property {number} size
 *   Bytes.
 * @property {string} state
 *   One of active, expired, used-up, revoked.
 * @property {string[]} tags
 *   
 * @property {string} title
 *   
 * @property {string} [torrent]
 *   Key of the private torrent in the library.
 * @property {number} used
 *   How often it was.
 * @property {number} uses_left
 *   How often the link can still be redeemed; -1 for any number.
 * @property {number} visits
 *   
 */

/**
 * @typedef {object} ShareCaution
 * @property {string} [file]
 *   
 * @property {string} kind
 *   Links and what is special are not shared. One of secret, name, hidden, backup,
 *   opaque, unreadable, link, special, many.
 * @property {string} text
 *   
 */

/**
 * @typedef {object} ShareFinding
 * @property {string} file
 *   
 * @property {string} kind
 *   One of location, person, device, thumbnail, comment, time, software.
 * @property {boolean} removable
 *   Whether a copy can be made without it.
 * @property {string} value
 *   
 * @property {string} what
 *   What it is called in the file.
 */

/**
 * @typedef {object} SharePatch
 * @property {string} [description]
 *   
 * @property {boolean} [direct]
 *   Whether files can be had over HTTP,
 * @property {number} [direct_limit]
 *   up to so many bytes each; 0 is 100 MiB.
 * @property {string} [expires]
 *   When the private link ends, as in RFC 3339; empty for never.
 * @property {Licence} [licence]
 *   
 * @property {string} [passphrase]
 *   What is needed to redeem it; empty for nothing.
 * @property {Provenance} [provenance]
 *   
 * @property {string[]} [tags]
 *   
 * @property {string} [title]
 *   
 * @property {number} [uses]
 *   How often the link can be redeemed from now on; 0 for any number.
 */

/**
 * @typedef {object} SharedFile
 * @property {string} path
 *   
 * @property {number} size
 *   Bytes.
 */

/**
 * @typedef {object} Shares
 * @property {Share[]} shares
 *   The oldest first.
 */

/**
 * @typedef {object} SpeedLimits
 * @property {number} down
 *   Bytes a second that are received, 0 for no limit.
 * @property {number} up
 *   Bytes a second that are sent, 0 for no limit.
 */

/**
 * @typedef {object} Statistics
 * @property {string} from
 *   When the first step begins that may be there.
 * @property {number} received
 *   Bytes of content in all of it.
 * @property {number} sent
 *   Bytes of content in all of it.
 * @property {string} span
 *   How far back it goes. One of hour, day, month, year, all.
 * @property {number} step
 *   Seconds that each step lasts.
 * @property {StatisticsStep[]} steps
 *   The oldest first. The last goes on; where one is missing the node did not run.
 */

/**
 * @typedef {object} StatisticsStep
 * @property {string} at
 *   When the step begins.
 * @property {number} [received]
 *   Bytes of content.
 * @property {number} [sent]
 *   Bytes of content.
 */

/**
 * @typedef {object} Status
 * @property {number} dht_nodes
 *   Nodes of the DHT that are known; 0 if the node takes no part.
 * @property {string[]} listen
 *   Where peers connect.
 * @property {string[]} restart
 *   Settings that were changed and wait for a restart.
 * @property {number} revision
 *   Number of the newest change.
 * @property {string} started
 *   When the node was started.
 * @property {Totals} totals
 *   All torrents together.
 * @property {string} version
 *   Of the program.
 */

/**
 * @typedef {object} Stream
 * @property {number} index
 *   Number of the file in the torrent.
 * @property {string} path
 *   Where it is below the folder of the torrent, with slashes.
 * @property {string} url
 *   For players. It is a secret: who can reach the node and has it can read the file.
 */

/**
 * @typedef {object} Streams
 * @property {string} expires
 *   When the URLs are good for nothing any more; a node that is started anew ends them as
 *   well.
 * @property {Stream[]} files
 *   The main file first, then all others that can be played; or the one that was asked
 *   for.
 * @property {number} main
 *   Index of the file that a player is meant to get: the longest film or sound file, or
 *   the longest of all.
 * @property {string} playlist
 *   URL of a list of all that can be played (M3U).
 */

/**
 * @typedef {object} Swarm
 * @property {number} completed
 *   How many peers have become complete since the swarm is known.
 * @property {string} key
 *   Of the torrent.
 * @property {number} leechers
 *   All others.
 * @property {string} name
 *   What it is called here.
 * @property {number} seeders
 *   Peers that have everything, the node itself among them.
 */

/**
 * @typedef {object} Swarms
 * @property {Swarm[]} swarms
 *   Those with most peers first.
 * @property {number} total
 *   How many torrents have peers.
 */

/**
 * @typedef {object} Switch
 * @property {boolean} on
 *   Whether they hold.
 */

/**
 * @typedef {object} TiersBody
 * @property {string[][]} tiers
 *   Addresses of trackers, those of the first tier first.
 */

/**
 * @typedef {object} Token
 * @property {string} created
 *   When it was made.
 * @property {string} [expires]
 *   When it stops being good; absent for never.
 * @property {number} id
 *   Its number.
 * @property {string} name
 *   Which program it is for.
 * @property {string[]} scopes
 *   What may be done with it. Each has read with it, admin has all.
 * @property {string} [used]
 *   When it was used last, to within the hour.
 */

/**
 * @typedef {object} Tokens
 * @property {Token[]} tokens
 *   In the order in which they were made.
 */

/**
 * @typedef {object} Torrent
 * @property {number} [active_time]
 *   Seconds of seeding and fetching.
 * @property {string} [added]
 *   When it was added.
 * @property {string} [category]
 *   Its category.
 * @property {string} [comment]
 *   What the torrent says of itself.
 * @property {string} [completed]
 *   When it was complete for the first time.
 * @property {number} [corrupt]
 *   Bytes that were thrown away because they were wrong.
 * @property {string} [created]
 *   When it was made.
 * @property {string} [created_by]
 *   What made it.
 * @property {string} [dir]
 *   Folder that the content lies in.
 * @property {number} [done]
 *   Bytes of content that are there and verified.
 * @property {number} [down_limit]
 *   Bytes a second, 0 for no limit.
 * @property {number} [down_rate]
 *   Bytes a second.
 * @property {number} [eta]
 *   Seconds until it is complete at this rate; absent if nothing moves.
 * @property {number} [files]
 *   How many files it has.
 * @property {boolean} [first_last]
 *   Whether the first and last pieces of files come first.
 * @property {boolean} [forced]
 *   Whether it is active whatever the queue says.
 * @property {Goal} [goal]
 *   When it has given enough, the defaults included.
 * @property {number} id
 *   Number of the torrent at this node, from 1, for as long as it is there.
 * @property {string} [key]
 *   By this it is named in paths: its info-hash of version 1 in hexadecimal, or that of
 *   version 2 cut to 20 bytes.
 * @property {string[]} [labels]
 *   Its labels, in order.
 * @property {string} [last_active]
 *   When content was last sent or received.
 * @property {number} [left]
 *   Bytes that are wanted and missing.
 * @property {number} [max_peers]
 *   Connections, 0 for the default.
 * @property {string} [name]
 *   What it is called here.
 * @property {string} [note]
 *   The user's own words.
 * @property {boolean} [paused]
 *   Whether the user has stopped it.
 * @property {number} [peers]
 *   Connected peers.
 * @property {number} [piece_length]
 *   Bytes of a piece.
 * @property {number} [pieces]
 *   How many pieces it has.
 * @property {number} [pieces_done]
 *   How many of them are there and verified.
 * @property {number} [position]
 *   How many stand before it in the queue.
 * @property {boolean} [private]
 *   Whether only its trackers may be asked for peers (BEP 27).
 * @property {number} [progress]
 *   How much of what is wanted is there and verified, 0 to 1; while checking, how much is
 *   checked.
 * @property {number} [ratio]
 *   Bytes sent for each byte of the content.
 * @property {string} [reason]
 *   Why it is waiting, queued or failed.
 * @property {number} [received]
 *   Bytes of content received since it was added.
 * @property {number} [revision]
 *   Number of the last change.
 * @property {number} [seed_time]
 *   Seconds of seeding.
 * @property {number} [seeds]
 *   Those that have everything.
 * @property {number} [sent]
 *   Bytes of content sent since it was added.
 * @property {boolean} [sequential]
 *   Whether it is fetched from the front to the end.
 * @property {number} [size]
 *   Bytes of content; 0 as long as that is not known.
 * @property {string} [state]
 *   What it does: metadata is a magnet link of which peers are asked what it consists of;
 *   waiting goes on by itself, as soon as the disk takes data again; failed needs the
 *   user. One of starting, checking, metadata, downloading, seeding, paused, waiting,
 *   queued, failed.
 * @property {boolean} [super_seed]
 *   Whether pieces are shown to peers one by one (BEP 16).
 * @property {string} [tls]
 *   Whether peers are spoken to over TLS. One of off, prefer, require.
 * @property {number} [tls_peers]
 *   Those over TLS.
 * @property {number} [up_limit]
 *   Bytes a second, 0 for no limit.
 * @property {number} [up_rate]
 *   Bytes a second.
 * @property {string} [v1]
 *   Info-hash of version 1 (BEP 3), in hexadecimal.
 * @property {string} [v2]
 *   Info-hash of version 2 (BEP 52), in hexadecimal.
 * @property {number} [wanted]
 *   Bytes of the files that are wanted.
 * @property {number} [web_seeds]
 *   Web servers that content is fetched from.
 */

/**
 * @typedef {object} Totals
 * @property {number} [down_rate]
 *   Bytes a second.
 * @property {number} [ever_received]
 *   The same of all time, of torrents that are there.
 * @property {number} [ever_sent]
 *   The same of all time, of torrents that are there.
 * @property {number} [left]
 *   Bytes that are wanted and missing.
 * @property {number} [peers]
 *   Connected peers.
 * @property {number} [received]
 *   Bytes of content since the node was started.
 * @property {number} [sent]
 *   Bytes of content since the node was started.
 * @property {number} [size]
 *   Bytes of content.
 * @property {Object<string, number>} [states]
 *   How many there are in each state.
 * @property {number} [torrents]
 *   How many there are.
 * @property {number} [up_rate]
 *   Bytes a second.
 */

/**
 * @typedef {object} Tracker
 * @property {string} [error]
 *   Why it is of no use now.
 * @property {number} leechers
 *   How many other peers it tells of, -1 if it does not.
 * @property {boolean} own
 *   Whether the user has named it, rather than the torrent.
 * @property {number} seeders
 *   How many peers with everything it tells of, -1 if it does not.
 * @property {string} state
 *   How it is with it. One of idle, asking, working, failing.
 * @property {number} tier
 *   Those of a lower tier are asked first (BEP 12).
 * @property {string} url
 *   Its address; the host alone, unless torrents or settings may be changed: a key of the
 *   user's may be in it.
 */

/**
 * @typedef {object} TrackerHistory
 * @property {TrackerMinute[]} minutes
 *   The oldest first.
 */

/**
 * @typedef {object} TrackerMinute
 * @property {number} announces
 *   Announces that could be read.
 * @property {string} at
 *   The end of it.
 * @property {number} peers
 *   Peers that were known, then.
 * @property {number} refused
 *   Requests that were refused.
 * @property {number} scrapes
 *   Scrapes that could be read.
 * @property {number} swarms
 *   Swarms with peers, then.
 */

/**
 * @typedef {object} TrackerRefused
 * @property {number} full
 *   There was no room.
 * @property {number} malformed
 *   It could not be meant.
 * @property {number} throttled
 *   Too many came from one address.
 * @property {number} unlisted
 *   The node does not serve the torrent.
 */

/**
 * @typedef {object} TrackerStatus
 * @property {number} announces
 *   Announces that could be read, those of the node itself left out.
 * @property {number} ipv6
 *   Those of them with an address of IPv6.
 * @property {boolean} on
 *   Whether the node is a tracker; if not, all else is empty.
 * @property {number} peers
 *   Peers that are known.
 * @property {TrackerRefused} refused
 *   Requests that were refused.
 * @property {number} scrapes
 *   Scrapes that could be read.
 * @property {string} [since]
 *   When it was started.
 * @property {number} swarms
 *   Swarms with peers. A torrent of both versions of BitTorrent is two.
 * @property {string} url
 *   Where others announce to it, with its key; empty until it is known where others reach
 *   the node. Torrents that are made here list it.
 */

/**
 * @typedef {object} Trackers
 * @property {number} dht_nodes
 *   Nodes of the DHT that are known; 0 if it is not used for the torrent.
 * @property {string} [next]
 *   When the next of them is asked.
 * @property {Tracker[]} trackers
 *   In the order in which they are asked.
 */

/**
 * @typedef {object} UnlockingBody
 * @property {string} passphrase
 *   Its passphrase.
 */

/**
 * @typedef {object} Wanted
 * @property {string} [category]
 *   Its category.
 * @property {string} [dir]
 *   Full path of the folder where it would land; that of the category, or the default.
 * @property {string} link
 *   The whole link, with what follows #.
 * @property {string} [passphrase]
 *   To redeem it with.
 * @property {boolean} [redeem]
 *   Whether the link is redeemed if it has to be, which counts as a use of it. The node
 *   remembers that for a day: to add it afterwards uses up nothing more.
 */

/**
 * @typedef {object} WatchFolder
 * @property {string} [category]
 *   Category of its torrents.
 * @property {string} [dir]
 *   Full path of the folder that content goes to; empty for the default.
 * @property {string[]} [labels]
 *   Labels of its torrents.
 * @property {string} path
 *   Its full path.
 * @property {boolean} [paused]
 *   Whether torrents wait for being resumed; as queue.add-paused says if this is left
 *   out.
 * @property {string} [then]
 *   What becomes of a file whose torrent was added: it gets the ending .added if nothing
 *   is said. One of rename, move, delete.
 * @property {string} [to]
 *   Full path of the folder to which move moves it.
 */

/**
 * @typedef {object} WatchList
 * @property {WatchStatus[]} folders
 *   In the order in which they are looked into.
 * @property {WatchResult[]} results
 *   Of the last files, the newest first; of this run alone.
 */

/**
 * @typedef {object} WatchResult
 * @property {string} at
 *   When.
 * @property {string} file
 *   Its full path.
 * @property {string} [problem]
 *   What is wrong with it, if something is.
 * @property {number} [torrent]
 *   Number of the torrent, 0 if none was added.
 */

/**
 * @typedef {object} WatchStatus
 * @property {WatchFolder} folder
 *   What was said of it.
 * @property {string} [problem]
 *   Why it cannot be looked into, if it cannot.
 */

/**
 * @typedef {object} Way
 * @property {string} by
 *   How it leaves. One of direct, proxy, off.
 * @property {string} kind
 *   What the traffic is for. One of peers, trackers, web-seeds, dht, feeds, web, names.
 * @property {string} [proxy]
 *   URL of the proxy, without user and password.
 */

/**
 * An answer that says what is wrong (RFC 9457). kind is the last word of its type, such
 * as not-found, and does not change.
 */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {ProblemDocument} document
   */
  constructor(status, document) {
    super(`${document.title ?? status}: ${document.detail ?? ""}`);
    this.name = "Problem";
    this.status = status;
    this.type = document.type ?? "about:blank";
    this.kind = this.type.slice(this.type.lastIndexOf(":") + 1);
    this.title = document.title;
    this.detail = document.detail;
    this.errors = document.errors ?? [];
  }
}

/** Asks one node. */
export class Client {
  #base;
  #headers;

  /**
   * @param {string} base such as http://127.0.0.1:9471; "" for the origin of the page
   * @param {string | null} token null for a page of the node, which has a cookie
   * @param {string} [csrf] for such a page, as told by getSession
   */
  constructor(base, token, csrf) {
    this.#base = base.replace(/\/$/, "");
    this.#headers = {};
    if (token) this.#headers["Authorization"] = `Bearer ${token}`;
    if (csrf) this.#headers["X-CSRF-Token"] = csrf;
  }

  async #ask(method, path, query, body, kind, signal) {
    const given = new URLSearchParams();
    for (const [name, value] of Object.entries(query ?? {})) {
      if (value !== undefined && value !== null) given.set(name, Array.isArray(value) ? value.join(",") : String(value));
    }
    const headers = { ...this.#headers };
    let sent;
    if (body !== undefined) {
      headers["Content-Type"] = kind;
      sent = kind === "application/json" ? JSON.stringify(body) : body;
    }
    const text = given.toString();
    const answer = await fetch(this.#base + path + (text ? `?${text}` : ""), { method, headers, body: sent, signal });
    if (answer.ok) return answer;
    let document;
    try {
      document = await answer.json();
    } catch {
      document = { title: answer.statusText };
    }
    throw new Problem(answer.status, document);
  }

  /** Each event is an object that has the name of the event as its one property. */
  async *#stream(path, query, signal) {
    const answer = await this.#ask("GET", path, query, undefined, undefined, signal);
    const decoder = new TextDecoder();
    let rest = "";
    let name = "";
    let data = "";
    for await (const bytes of chunks(answer.body)) {
      rest += decoder.decode(bytes, { stream: true });
      const lines = rest.split("\n");
      rest = lines.pop();
      for (const line of lines) {
        const at = line.indexOf(":");
        const field = at < 0 ? line : line.slice(0, at);
        const value = at < 0 ? "" : line.slice(at + 1).replace(/^ /, "");
        if (field === "event") name = value;
        else if (field === "data") data += value;
        else if (line === "" && data) {
          yield { [name]: JSON.parse(data) };
          name = "";
          data = "";
        }
      }
    }
  }

  /**
   * Show who has changed what. The newest ten thousand entries are kept.
   * @param {object} [query]
   * @param {number} [query.before]
   *   Only entries with a lower number; 0 for the newest.
   * @param {number} [query.limit]
   *   How many are returned at most.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Audit>}
   */
  async listAudit(query = {}, signal) {
    const answer = await this.#ask("GET", "/api/v1/audit", query, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Get a backup of the whole node. What warren restore takes: identities and the owner's
   * key are in it. An answer that is broken off is none. This is for the owner alone, by
   * the key or in the browser: no token opens it.
   * @param {AskingBody} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<Uint8Array>}
   */
  async backupNode(body, signal) {
    const answer = await this.#ask("POST", "/api/v1/backup", undefined, body, "application/json", signal);
    return new Uint8Array(await answer.arrayBuffer());
  }

  /**
   * Heed a list no more.
   * @param {object} [query]
   * @param {string} [query.location]
   *   As list-block-lists has it.
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  async removeBlockList(query = {}, signal) {
    await this.#ask("DELETE", "/api/v1/block-lists", query, undefined, undefined, signal);
  }

  /**
   * List lists of addresses that are not spoken to.
   * @param {AbortSignal} [signal]
   * @returns {Promise<BlockLists>}
   */
  async listBlockLists(signal) {
    const answer = await this.#ask("GET", "/api/v1/block-lists", undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Heed a list of addresses that are not spoken to. It is kept as the setting
   * peers.block, which then counts instead of the list in the configuration file. What is
   * behind a URL is fetched soon; list-block-lists tells what came of it.
   * @param {NewBlockList} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<BlockLists>}
   */
  async addBlockList(body, signal) {
    const answer = await this.#ask("POST", "/api/v1/block-lists", undefined, body, "application/json", signal);
    return answer.json();
  }

  /**
   * Read all lists now. The answer does not wait for it; list-block-lists tells what came
   * of it.
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  async refreshBlockLists(signal) {
    await this.#ask("POST", "/api/v1/block-lists/refresh", undefined, undefined, undefined, signal);
  }

  /**
   * List categories.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Categories>}
   */
  async listCategories(signal) {
    const answer = await this.#ask("GET", "/api/v1/categories", undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Remove a category. Its torrents stay, and have none then.
   * @param {string} name
   *   What it is called.
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  async removeCategory(name, signal) {
    await this.#ask("DELETE", "/api/v1/categories/" + encodeURIComponent(String(name)), undefined, undefined, undefined, signal);
  }

  /**
   * Make a category, or change one.
   * @param {string} name
   *   What it is called.
   * @param {CategorySettings} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<Categories>}
   */
  async setCategory(name, body, signal) {
    const answer = await this.#ask("PUT", "/api/v1/categories/" + encodeURIComponent(String(name)), undefined, body, "application/json", signal);
    return answer.json();
  }

  /**
   * Show what has changed since a revision. Nothing but the revision if nothing has. If
   * the revision is not known any more, full is true and everything is in changed; better
   * list the torrents page by page first, and ask from the revision of the first page.
   * @param {object} [query]
   * @param {number} [query.since]
   *   The revision that was seen last; 0 asks for everything.
   * @param {string[]} [query.fields]
   *   Which properties of torrents; all if none is named.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Delta>}
   */
  async listChanges(query = {}, signal) {
    const answer = await this.#ask("GET", "/api/v1/changes", query, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Follow what changes. A stream of Server-Sent Events. Without since: snapshot events
   * until all torrents were sent, then ready. After that, and with a since that is still
   * known, delta events, one a second at most. The ids of ready and delta are revisions:
   * since takes them. Who reads too slowly is cut off and may come back.
   * @param {object} [query]
   * @param {number} [query.since]
   *   The revision that was seen last; 0 asks for everything.
   * @param {string[]} [query.fields]
   *   Which properties of torrents; all if none is named.
   * @param {number[]} [query.torrent]
   *   Numbers of the torrents to hear of; all if none is named. No torrent has the number
   *   0.
   * @param {boolean} [query.totals]
   *   Whether to hear of totals, and that categories or labels have changed, also when none
   *   of those torrents has.
   * @param {AbortSignal} [signal]
   * @returns {AsyncGenerator<Event>}
   */
  streamEvents(query = {}, signal) {
    return this.#stream("/api/v1/events", query, signal);
  }

  /**
   * List what is in feeds, and what became of it.
   * @param {object} [query]
   * @param {number} [query.feed]
   *   Number of the feed; 0 for all of them.
   * @param {number} [query.limit]
   *   At most so many.
   * @param {AbortSignal} [signal]
   * @returns {Promise<FeedItems>}
   */
  async listFeedItems(query = {}, signal) {
    const answer = await this.#ask("GET", "/api/v1/feed-items", query, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Mark an item as read, or not.
   * @param {number} id
   *   Its number.
   * @param {FeedItemPatch} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  async markFeedItem(id, body, signal) {
    await this.#ask("PATCH", "/api/v1/feed-items/" + encodeURIComponent(String(id)), undefined, body, "application/json", signal);
  }

  /**
   * Add the torrent of an item, whatever rules say.
   * @param {number} id
   *   Its number.
   * @param {FetchOptions} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  async fetchFeedItem(id, body, signal) {
    await this.#ask("POST", "/api/v1/feed-items/" + encodeURIComponent(String(id)) + "/fetch", undefined, body, "application/json", signal);
  }

  /**
   * List rules by which items of feeds are fetched.
   * @param {AbortSignal} [signal]
   * @returns {Promise<FeedRules>}
   */
  async listFeedRules(signal) {
    const answer = await this.#ask("GET", "/api/v1/feed-rules", undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Try what a rule would fetch. Of the items that lie here. Nothing is fetched, and
   * nothing is kept; each item is looked at as if it were the next.
   * @param {FeedTrial} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<FeedVerdicts>}
   */
  async tryFeedRule(body, signal) {
    const answer = await this.#ask("POST", "/api/v1/feed-rules/try", undefined, body, "application/json", signal);
    return answer.json();
  }

  /**
   * Remove a rule.
   * @param {string} name
   *   What the rule is called.
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  async removeFeedRule(name, signal) {
    await this.#ask("DELETE", "/api/v1/feed-rules/" + encodeURIComponent(String(name)), undefined, undefined, undefined, signal);
  }

  /**
   * Make a rule, or change one. It counts for what is in the feeds already: see
   * try-feed-rule.
   * @param {string} name
   *   What the rule is called.
   * @param {FeedRuleSettings} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<FeedRules>}
   */
  async setFeedRule(name, body, signal) {
    const answer = await this.#ask("PUT", "/api/v1/feed-rules/" + encodeURIComponent(String(name)), undefined, body, "application/json", signal);
    return answer.json();
  }

  /**
   * Give a rule another name. What was fetched by it stays known.
   * @param {string} name
   *   What the rule is called.
   * @param {FeedRuleName} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<FeedRules>}
   */
  async renameFeedRule(name, body, signal) {
    const answer = await this.#ask("POST", "/api/v1/feed-rules/" + encodeURIComponent(String(name)) + "/rename", undefined, body, "application/json", signal);
    return answer.json();
  }

  /**
   * List feeds, and how they stand.
   * @param {AbortSignal} [signal]
   * @returns {Promise<FeedList>}
   */
  async listFeeds(signal) {
    const answer = await this.#ask("GET", "/api/v1/feeds", undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Add a feed. It is fetched soon; list-feeds tells what came of it.
   * @param {NewFeed} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<Feed>}
   */
  async addFeed(body, signal) {
    const answer = await this.#ask("POST", "/api/v1/feeds", undefined, body, "application/json", signal);
    return answer.json();
  }

  /**
   * Fetch all feeds now. The answer does not wait for them; list-feeds tells what came of
   * it.
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  async refreshFeeds(signal) {
    await this.#ask("POST", "/api/v1/feeds/refresh", undefined, undefined, undefined, signal);
  }

  /**
   * Remove a feed. Torrents that came from it stay, and are not fetched again if it is
   * added once more.
   * @param {number} id
   *   Its number.
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  async removeFeed(id, signal) {
    await this.#ask("DELETE", "/api/v1/feeds/" + encodeURIComponent(String(id)), undefined, undefined, undefined, signal);
  }

  /**
   * Change a feed.
   * @param {number} id
   *   Its number.
   * @param {FeedPatch} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<Feed>}
   */
  async changeFeed(id, body, signal) {
    const answer = await this.#ask("PATCH", "/api/v1/feeds/" + encodeURIComponent(String(id)), undefined, body, "application/json", signal);
    return answer.json();
  }

  /**
   * Mark all items of a feed as read.
   * @param {number} id
   *   Its number.
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  async markFeedRead(id, signal) {
    await this.#ask("POST", "/api/v1/feeds/" + encodeURIComponent(String(id)) + "/read", undefined, undefined, undefined, signal);
  }

  /**
   * Fetch a feed now. The answer does not wait for it; list-feeds tells what came of it.
   * @param {number} id
   *   Its number.
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  async refreshFeed(id, signal) {
    await this.#ask("POST", "/api/v1/feeds/" + encodeURIComponent(String(id)) + "/refresh", undefined, undefined, undefined, signal);
  }

  /**
   * List a folder of the machine that the node runs on.
   * @param {object} [query]
   * @param {string} [query.path]
   *   A full path; if absent, that of the folder where the user keeps files.
   * @param {boolean} [query.hidden]
   *   Whether files that begin with a dot are listed.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Folder>}
   */
  async browseFolder(query = {}, signal) {
    const answer = await this.#ask("GET", "/api/v1/folder", query, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * List programs and servers that are told what happened, and what came of it. They are
   * set in the configuration file alone (hooks.complete and the like): an API that could
   * set them could run anything as the user of the node, and so could whoever gets hold
   * of a token, or of the owner's browser. No operation changes that.
   * @param {AbortSignal} [signal]
   * @returns {Promise<HookList>}
   */
  async listHooks(signal) {
    const answer = await this.#ask("GET", "/api/v1/hooks", undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * List the identities of the node.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Identities>}
   */
  async listIdentities(signal) {
    const answer = await this.#ask("GET", "/api/v1/identities", undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Make another identity. It has nothing in common with those that are there.
   * @param {NewIdentity} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<Identity>}
   */
  async makeIdentity(body, signal) {
    const answer = await this.#ask("POST", "/api/v1/identities", undefined, body, "application/json", signal);
    return answer.json();
  }

  /**
   * Take in a copy of an identity.
   * @param {ImportingBody} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<Identity>}
   */
  async importIdentity(body, signal) {
    const answer = await this.#ask("POST", "/api/v1/identities/import", undefined, body, "application/json", signal);
    return answer.json();
  }

  /**
   * Show an identity.
   * @param {string} identity
   *   Its text or its name.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Identity>}
   */
  async showIdentity(identity, signal) {
    const answer = await this.#ask("GET", "/api/v1/identities/" + encodeURIComponent(String(identity)), undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Rename an identity, or make it the default.
   * @param {string} identity
   *   Its text or its name.
   * @param {IdentityPatch} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<Identity>}
   */
  async changeIdentity(identity, body, signal) {
    const answer = await this.#ask("PATCH", "/api/v1/identities/" + encodeURIComponent(String(identity)), undefined, body, "application/json", signal);
    return answer.json();
  }

  /**
   * Get a copy of an identity, to be kept elsewhere. This is for the owner alone, by the
   * key or in the browser: no token opens it.
   * @param {string} identity
   *   Its text or its name.
   * @param {ExportingBody} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<Sealed>}
   */
  async exportIdentity(identity, body, signal) {
    const answer = await this.#ask("POST", "/api/v1/identities/" + encodeURIComponent(String(identity)) + "/export", undefined, body, "application/json", signal);
    return answer.json();
  }

  /**
   * Lock an identity.
   * @param {string} identity
   *   Its text or its name.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Identity>}
   */
  async lockIdentity(identity, signal) {
    const answer = await this.#ask("POST", "/api/v1/identities/" + encodeURIComponent(String(identity)) + "/lock", undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Set, change or remove the passphrase of an identity. Whether it is locked stays as it
   * was, unless it needs no passphrase any more.
   * @param {string} identity
   *   Its text or its name.
   * @param {ResealingBody} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<Identity>}
   */
  async setPassphrase(identity, body, signal) {
    const answer = await this.#ask("PUT", "/api/v1/identities/" + encodeURIComponent(String(identity)) + "/passphrase", undefined, body, "application/json", signal);
    return answer.json();
  }

  /**
   * Unlock an identity until it is locked, or the node ends.
   * @param {string} identity
   *   Its text or its name.
   * @param {UnlockingBody} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<Identity>}
   */
  async unlockIdentity(identity, body, signal) {
    const answer = await this.#ask("POST", "/api/v1/identities/" + encodeURIComponent(String(identity)) + "/unlock", undefined, body, "application/json", signal);
    return answer.json();
  }

  /**
   * List labels.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Labels>}
   */
  async listLabels(signal) {
    const answer = await this.#ask("GET", "/api/v1/labels", undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Take a label off all torrents, and forget it.
   * @param {string} name
   *   What it is called.
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  async removeLabel(name, signal) {
    await this.#ask("DELETE", "/api/v1/labels/" + encodeURIComponent(String(name)), undefined, undefined, undefined, signal);
  }

  /**
   * Make a label, or change the limits of one.
   * @param {string} name
   *   What it is called.
   * @param {LabelSettings} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<Labels>}
   */
  async setLabel(name, body, signal) {
    const answer = await this.#ask("PUT", "/api/v1/labels/" + encodeURIComponent(String(name)), undefined, body, "application/json", signal);
    return answer.json();
  }

  /**
   * See what a link leads to. The node goes there, and adds nothing. Whoever answers
   * there has to show the key that the link names; otherwise nothing is sent.
   * @param {Wanted} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<Preview>}
   */
  async openLink(body, signal) {
    const answer = await this.#ask("POST", "/api/v1/links", undefined, body, "application/json", signal);
    return answer.json();
  }

  /**
   * Show the newest lines of the log.
   * @param {object} [query]
   * @param {string} [query.level]
   *   Lines that matter at least so much. One of debug, info, warn, error.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Log>}
   */
  async getLog(query = {}, signal) {
    const answer = await this.#ask("GET", "/api/v1/log", query, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Follow the log. A stream of Server-Sent Events called line, which begins with the
   * newest lines there are.
   * @param {object} [query]
   * @param {string} [query.level]
   *   Lines that matter at least so much. One of debug, info, warn, error.
   * @param {AbortSignal} [signal]
   * @returns {AsyncGenerator<LogEvent>}
   */
  streamLog(query = {}, signal) {
    return this.#stream("/api/v1/log/events", query, signal);
  }

  /**
   * Show by which way traffic leaves, and what does not.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Network>}
   */
  async getNetwork(signal) {
    const answer = await this.#ask("GET", "/api/v1/network", undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Make a new owner's key. The one before, and all cookies, open nothing from then on,
   * and what the owner follows with them ends. Tokens stay good. This is for the owner
   * alone, by the key or in the browser: no token opens it.
   * @param {AbortSignal} [signal]
   * @returns {Promise<OwnerKey>}
   */
  async replaceOwnerKey(signal) {
    const answer = await this.#ask("POST", "/api/v1/owner-key", undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Show whether others can connect, and where.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Reachability>}
   */
  async getReachability(signal) {
    const answer = await this.#ask("GET", "/api/v1/reachability", undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Show which limits hold now, and until when. Rules and limits are settings:
   * change-settings changes them, under the names that are given here.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Schedule>}
   */
  async getSchedule(signal) {
    const answer = await this.#ask("GET", "/api/v1/schedule", undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Let the alternative limits hold, or not. That counts until the schedule changes
   * between the alternative limits and others, and outlives a restart.
   * @param {Switch} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<Schedule>}
   */
  async switchAlternative(body, signal) {
    const answer = await this.#ask("PUT", "/api/v1/schedule/alternative", undefined, body, "application/json", signal);
    return answer.json();
  }

  /**
   * Show who asks, and what he may do.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Session>}
   */
  async getSession(signal) {
    const answer = await this.#ask("GET", "/api/v1/session", undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Show what can be set, and what it is set to. Secrets are left out; of URLs the host
   * alone is shown, unless settings may be changed.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Settings>}
   */
  async getSettings(signal) {
    const answer = await this.#ask("GET", "/api/v1/settings", undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Change settings. All that are given, or none. What was set by the environment or a
   * flag cannot be changed.
   * @param {Object<string, unknown>} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<Settings>}
   */
  async changeSettings(body, signal) {
    const answer = await this.#ask("PATCH", "/api/v1/settings", undefined, body, "application/json", signal);
    return answer.json();
  }

  /**
   * List what is shared. With the links: who reads this can pass everything on.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Shares>}
   */
  async listShares(signal) {
    const answer = await this.#ask("GET", "/api/v1/shares", undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Look through a file or folder that is to be shared. The answer does not wait for it:
   * show-draft tells how far it is. Nothing is shared before share-draft.
   * @param {NewDraft} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<Draft>}
   */
  async draftShare(body, signal) {
    const answer = await this.#ask("POST", "/api/v1/shares/drafts", undefined, body, "application/json", signal);
    return answer.json();
  }

  /**
   * Drop a draft, whatever it is at. What has become a share stays one.
   * @param {string} id
   *   Of the draft.
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  async dropDraft(id, signal) {
    await this.#ask("DELETE", "/api/v1/shares/drafts/" + encodeURIComponent(String(id)), undefined, undefined, undefined, signal);
  }

  /**
   * Show how far a draft is, and what was found.
   * @param {string} id
   *   Of the draft.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Draft>}
   */
  async showDraft(id, signal) {
    const answer = await this.#ask("GET", "/api/v1/shares/drafts/" + encodeURIComponent(String(id)), undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Share a draft under a private link. The answer does not wait until it is hashed:
   * show-draft tells how far it is, and which share it has become.
   * @param {string} id
   *   Of the draft.
   * @param {NewShare} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<Draft>}
   */
  async shareDraft(id, body, signal) {
    const answer = await this.#ask("POST", "/api/v1/shares/drafts/" + encodeURIComponent(String(id)) + "/share", undefined, body, "application/json", signal);
    return answer.json();
  }

  /**
   * Make a torrent of a draft, and no share. For versions 1 and 2 (hybrid). The answer
   * does not wait until it is hashed: show-draft tells how far it is, drop-draft ends it,
   * and download-draft has the torrent.
   * @param {string} id
   *   Of the draft.
   * @param {MakeTorrent} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<Draft>}
   */
  async makeTorrent(id, body, signal) {
    const answer = await this.#ask("POST", "/api/v1/shares/drafts/" + encodeURIComponent(String(id)) + "/torrent", undefined, body, "application/json", signal);
    return answer.json();
  }

  /**
   * Get the torrent file that was made of a draft.
   * @param {string} id
   *   Of the draft.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Uint8Array>}
   */
  async downloadDraft(id, signal) {
    const answer = await this.#ask("GET", "/api/v1/shares/drafts/" + encodeURIComponent(String(id)) + "/torrent/file", undefined, undefined, undefined, signal);
    return new Uint8Array(await answer.arrayBuffer());
  }

  /**
   * List what is shared with everybody, and where.
   * @param {AbortSignal} [signal]
   * @returns {Promise<PublicShares>}
   */
  async listPublicShares(signal) {
    const answer = await this.#ask("GET", "/api/v1/shares/public", undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * End a share: the links, the torrents, and those who are connected. Of a share that is
   * revoked already, what is left is forgotten. What others have fetched, they have.
   * @param {string} id
   *   Of the share.
   * @param {object} [query]
   * @param {boolean} [query.content]
   *   Whether what is shared is removed from the disk.
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  async revokeShare(id, query = {}, signal) {
    await this.#ask("DELETE", "/api/v1/shares/" + encodeURIComponent(String(id)), query, undefined, undefined, signal);
  }

  /**
   * Show a share.
   * @param {string} id
   *   Of the share.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Share>}
   */
  async showShare(id, signal) {
    const answer = await this.#ask("GET", "/api/v1/shares/" + encodeURIComponent(String(id)), undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Change what is said of a share, or what its link demands. Who has redeemed the link
   * goes on, whatever it demands now.
   * @param {string} id
   *   Of the share.
   * @param {SharePatch} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<Share>}
   */
  async changeShare(id, body, signal) {
    const answer = await this.#ask("PATCH", "/api/v1/shares/" + encodeURIComponent(String(id)), undefined, body, "application/json", signal);
    return answer.json();
  }

  /**
   * Share something with everybody as well. It is listed under the public link of the
   * node, and seeded as a public torrent. The private link stays.
   * @param {string} id
   *   Of the share.
   * @param {Publication} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<Share>}
   */
  async publishShare(id, body, signal) {
    const answer = await this.#ask("POST", "/api/v1/shares/" + encodeURIComponent(String(id)) + "/publish", undefined, body, "application/json", signal);
    return answer.json();
  }

  /**
   * Get a link as a QR code. A picture in SVG: black on white, with room around it.
   * @param {string} id
   *   Of the share.
   * @param {string} which
   *   The private link, or the one for everybody.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Uint8Array>}
   */
  async drawShareLink(id, which, signal) {
    const answer = await this.#ask("GET", "/api/v1/shares/" + encodeURIComponent(String(id)) + "/qr/" + encodeURIComponent(String(which)), undefined, undefined, undefined, signal);
    return new Uint8Array(await answer.arrayBuffer());
  }

  /**
   * Share something no longer with everybody. What others have fetched, they have.
   * @param {string} id
   *   Of the share.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Share>}
   */
  async unpublishShare(id, signal) {
    const answer = await this.#ask("POST", "/api/v1/shares/" + encodeURIComponent(String(id)) + "/unpublish", undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Show what was received and sent over time. Of all torrents, also those that are gone.
   * The hour begins with the node; the rest outlasts it.
   * @param {object} [query]
   * @param {string} [query.span]
   *   How far back: an hour in steps of 10 seconds, a day in steps of 10 minutes, 31 days
   *   in hours, 366 days or all, which is two years, in days of UTC. One of hour, day,
   *   month, year, all.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Statistics>}
   */
  async getStatistics(query = {}, signal) {
    const answer = await this.#ask("GET", "/api/v1/statistics", query, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Show how the node stands.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Status>}
   */
  async getStatus(signal) {
    const answer = await this.#ask("GET", "/api/v1/status", undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * List tokens.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Tokens>}
   */
  async listTokens(signal) {
    const answer = await this.#ask("GET", "/api/v1/tokens", undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Make a token for a program. Its text is told this once.
   * @param {NewToken} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<Made>}
   */
  async makeToken(body, signal) {
    const answer = await this.#ask("POST", "/api/v1/tokens", undefined, body, "application/json", signal);
    return answer.json();
  }

  /**
   * Take a token away.
   * @param {number} id
   *   Number of the token.
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  async revokeToken(id, signal) {
    await this.#ask("DELETE", "/api/v1/tokens/" + encodeURIComponent(String(id)), undefined, undefined, undefined, signal);
  }

  /**
   * List torrents. A page of those that are asked for, filtered and sorted by the node.
   * total is how many there are in all pages.
   * @param {object} [query]
   * @param {string[]} [query.state]
   *   Only those in one of these states; active is those that send or receive at this
   *   moment.
   * @param {string} [query.category]
   *   Only those of this category; none is those without one.
   * @param {string[]} [query.label]
   *   Only those that have all of these labels.
   * @param {string} [query.tracker]
   *   Only those that one of whose trackers has this in its host; none is those without
   *   one.
   * @param {string} [query.search]
   *   Only those whose name has all of these words, whatever their case.
   * @param {string} [query.sort]
   *   By what they are sorted. One of id, name, state, progress, size, added, completed,
   *   last_active, down_rate, up_rate, eta, ratio, sent, received, peers, seeds, category,
   *   position.
   * @param {boolean} [query.reverse]
   *   The other way round.
   * @param {number} [query.offset]
   *   How many of those are passed over.
   * @param {number} [query.limit]
   *   How many are returned at most.
   * @param {string[]} [query.fields]
   *   Which properties of them; all if none is named.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Page>}
   */
  async listTorrents(query = {}, signal) {
    const answer = await this.#ask("GET", "/api/v1/torrents", query, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Add a torrent. By one of magnet, url, file and link. If it is there already, the
   * problem is duplicate, and the value of its first error is the torrent's key.
   * @param {NewTorrent} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<Torrent>}
   */
  async addTorrent(body, signal) {
    const answer = await this.#ask("POST", "/api/v1/torrents", undefined, body, "application/json", signal);
    return answer.json();
  }

  /**
   * Do the same with many torrents. Where it fails with one of them, it is done with the
   * others all the same.
   * @param {Bulk} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<Done>}
   */
  async doWithTorrents(body, signal) {
    const answer = await this.#ask("POST", "/api/v1/torrents/bulk", undefined, body, "application/json", signal);
    return answer.json();
  }

  /**
   * Count torrents by state, category, label and tracker. Each name is what list-torrents
   * can be asked for; the empty one of categories and trackers is none there.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Counts>}
   */
  async countTorrents(signal) {
    const answer = await this.#ask("GET", "/api/v1/torrents/counts", undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Add a torrent by its file. The body is the file as it is. Everything else is as with
   * add-torrent.
   * @param {Uint8Array} body
   * @param {object} [query]
   * @param {string} [query.dir]
   *   Full path of the folder that content goes to.
   * @param {string} [query.category]
   *   Its category; made if it is not there.
   * @param {string[]} [query.label]
   *   Its labels.
   * @param {boolean} [query.paused]
   *   Whether it waits for being resumed.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Torrent>}
   */
  async uploadTorrent(body, query = {}, signal) {
    const answer = await this.#ask("POST", "/api/v1/torrents/file", query, body, "application/x-bittorrent", signal);
    return answer.json();
  }

  /**
   * Remove a torrent. Its files stay unless content is true.
   * @param {string} key
   *   Info-hash of the torrent in hexadecimal (version 1, version 2, or that of version 2
   *   cut to 20 bytes), or its id.
   * @param {object} [query]
   * @param {boolean} [query.content]
   *   Whether its files are deleted as well.
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  async removeTorrent(key, query = {}, signal) {
    await this.#ask("DELETE", "/api/v1/torrents/" + encodeURIComponent(String(key)), query, undefined, undefined, signal);
  }

  /**
   * Show a torrent.
   * @param {string} key
   *   Info-hash of the torrent in hexadecimal (version 1, version 2, or that of version 2
   *   cut to 20 bytes), or its id.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Torrent>}
   */
  async getTorrent(key, signal) {
    const answer = await this.#ask("GET", "/api/v1/torrents/" + encodeURIComponent(String(key)), undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Change a torrent. All that is given is changed, or nothing.
   * @param {string} key
   *   Info-hash of the torrent in hexadecimal (version 1, version 2, or that of version 2
   *   cut to 20 bytes), or its id.
   * @param {Patch} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<Torrent>}
   */
  async changeTorrent(key, body, signal) {
    const answer = await this.#ask("PATCH", "/api/v1/torrents/" + encodeURIComponent(String(key)), undefined, body, "application/json", signal);
    return answer.json();
  }

  /**
   * Get the torrent file of a torrent. Without its trackers, in whose addresses may be
   * keys, for who may not change torrents or settings.
   * @param {string} key
   *   Info-hash of the torrent in hexadecimal (version 1, version 2, or that of version 2
   *   cut to 20 bytes), or its id.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Uint8Array>}
   */
  async downloadTorrent(key, signal) {
    const answer = await this.#ask("GET", "/api/v1/torrents/" + encodeURIComponent(String(key)) + "/file", undefined, undefined, undefined, signal);
    return new Uint8Array(await answer.arrayBuffer());
  }

  /**
   * List the files of a torrent.
   * @param {string} key
   *   Info-hash of the torrent in hexadecimal (version 1, version 2, or that of version 2
   *   cut to 20 bytes), or its id.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Files>}
   */
  async listFiles(key, signal) {
    const answer = await this.#ask("GET", "/api/v1/torrents/" + encodeURIComponent(String(key)) + "/files", undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Say how much files of a torrent are wanted.
   * @param {string} key
   *   Info-hash of the torrent in hexadecimal (version 1, version 2, or that of version 2
   *   cut to 20 bytes), or its id.
   * @param {PrioritizingBody} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<Files>}
   */
  async prioritizeFiles(key, body, signal) {
    const answer = await this.#ask("PATCH", "/api/v1/torrents/" + encodeURIComponent(String(key)) + "/files", undefined, body, "application/json", signal);
    return answer.json();
  }

  /**
   * Move the content of a torrent to another folder. What takes longer than ten seconds
   * is answered with 202, and goes on; if it fails, the log of the node has why, and the
   * content is where it was.
   * @param {string} key
   *   Info-hash of the torrent in hexadecimal (version 1, version 2, or that of version 2
   *   cut to 20 bytes), or its id.
   * @param {MovingBody} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<MovedBody>}
   */
  async moveTorrent(key, body, signal) {
    const answer = await this.#ask("POST", "/api/v1/torrents/" + encodeURIComponent(String(key)) + "/move", undefined, body, "application/json", signal);
    return answer.json();
  }

  /**
   * Pause a torrent.
   * @param {string} key
   *   Info-hash of the torrent in hexadecimal (version 1, version 2, or that of version 2
   *   cut to 20 bytes), or its id.
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  async pauseTorrent(key, signal) {
    await this.#ask("POST", "/api/v1/torrents/" + encodeURIComponent(String(key)) + "/pause", undefined, undefined, undefined, signal);
  }

  /**
   * List the connected peers of a torrent.
   * @param {string} key
   *   Info-hash of the torrent in hexadecimal (version 1, version 2, or that of version 2
   *   cut to 20 bytes), or its id.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Peers>}
   */
  async listPeers(key, signal) {
    const answer = await this.#ask("GET", "/api/v1/torrents/" + encodeURIComponent(String(key)) + "/peers", undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Name peers of a torrent, to be dialled.
   * @param {string} key
   *   Info-hash of the torrent in hexadecimal (version 1, version 2, or that of version 2
   *   cut to 20 bytes), or its id.
   * @param {PeeringBody} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  async addPeers(key, body, signal) {
    await this.#ask("POST", "/api/v1/torrents/" + encodeURIComponent(String(key)) + "/peers", undefined, body, "application/json", signal);
  }

  /**
   * Show which pieces of a torrent there are.
   * @param {string} key
   *   Info-hash of the torrent in hexadecimal (version 1, version 2, or that of version 2
   *   cut to 20 bytes), or its id.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Pieces>}
   */
  async showPieces(key, signal) {
    const answer = await this.#ask("GET", "/api/v1/torrents/" + encodeURIComponent(String(key)) + "/pieces", undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Give a torrent another place in the queue.
   * @param {string} key
   *   Info-hash of the torrent in hexadecimal (version 1, version 2, or that of version 2
   *   cut to 20 bytes), or its id.
   * @param {PlacingBody} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  async placeTorrent(key, body, signal) {
    await this.#ask("POST", "/api/v1/torrents/" + encodeURIComponent(String(key)) + "/position", undefined, body, "application/json", signal);
  }

  /**
   * Ask trackers and the DHT for peers, as soon as they allow it.
   * @param {string} key
   *   Info-hash of the torrent in hexadecimal (version 1, version 2, or that of version 2
   *   cut to 20 bytes), or its id.
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  async reannounceTorrent(key, signal) {
    await this.#ask("POST", "/api/v1/torrents/" + encodeURIComponent(String(key)) + "/reannounce", undefined, undefined, undefined, signal);
  }

  /**
   * Check all content of a torrent once more, in the background.
   * @param {string} key
   *   Info-hash of the torrent in hexadecimal (version 1, version 2, or that of version 2
   *   cut to 20 bytes), or its id.
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  async recheckTorrent(key, signal) {
    await this.#ask("POST", "/api/v1/torrents/" + encodeURIComponent(String(key)) + "/recheck", undefined, undefined, undefined, signal);
  }

  /**
   * Rename a file or a folder of a torrent.
   * @param {string} key
   *   Info-hash of the torrent in hexadecimal (version 1, version 2, or that of version 2
   *   cut to 20 bytes), or its id.
   * @param {RenamingBody} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  async renameFile(key, body, signal) {
    await this.#ask("POST", "/api/v1/torrents/" + encodeURIComponent(String(key)) + "/rename", undefined, body, "application/json", signal);
  }

  /**
   * Resume a torrent.
   * @param {string} key
   *   Info-hash of the torrent in hexadecimal (version 1, version 2, or that of version 2
   *   cut to 20 bytes), or its id.
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  async resumeTorrent(key, signal) {
    await this.#ask("POST", "/api/v1/torrents/" + encodeURIComponent(String(key)) + "/resume", undefined, undefined, undefined, signal);
  }

  /**
   * Say where players can read the files of a torrent while they are fetched. What is
   * read is fetched before all else. Ranges and HEAD work as with any file on the web.
   * @param {string} key
   *   Info-hash of the torrent in hexadecimal (version 1, version 2, or that of version 2
   *   cut to 20 bytes), or its id.
   * @param {object} [query]
   * @param {number} [query.file]
   *   Index of the one file that is wanted, whatever it is; -1 for those that can be
   *   played.
   * @param {number} [query.seconds]
   *   How long the URLs are good for.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Streams>}
   */
  async listStreams(key, query = {}, signal) {
    const answer = await this.#ask("GET", "/api/v1/torrents/" + encodeURIComponent(String(key)) + "/streams", query, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * List the trackers of a torrent.
   * @param {string} key
   *   Info-hash of the torrent in hexadecimal (version 1, version 2, or that of version 2
   *   cut to 20 bytes), or its id.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Trackers>}
   */
  async listTrackers(key, signal) {
    const answer = await this.#ask("GET", "/api/v1/torrents/" + encodeURIComponent(String(key)) + "/trackers", undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Replace the trackers of a torrent.
   * @param {string} key
   *   Info-hash of the torrent in hexadecimal (version 1, version 2, or that of version 2
   *   cut to 20 bytes), or its id.
   * @param {TiersBody} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<Trackers>}
   */
  async setTrackers(key, body, signal) {
    const answer = await this.#ask("PUT", "/api/v1/torrents/" + encodeURIComponent(String(key)) + "/trackers", undefined, body, "application/json", signal);
    return answer.json();
  }

  /**
   * Show what the tracker of the node does.
   * @param {AbortSignal} [signal]
   * @returns {Promise<TrackerStatus>}
   */
  async getTracker(signal) {
    const answer = await this.#ask("GET", "/api/v1/tracker", undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Show what the tracker of the node did, minute by minute. Of the last day at most, and
   * not before it was started.
   * @param {object} [query]
   * @param {number} [query.minutes]
   *   How far back.
   * @param {AbortSignal} [signal]
   * @returns {Promise<TrackerHistory>}
   */
  async getTrackerHistory(query = {}, signal) {
    const answer = await this.#ask("GET", "/api/v1/tracker/history", query, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * List the torrents with most peers at the tracker of the node.
   * @param {object} [query]
   * @param {number} [query.limit]
   *   How many are shown.
   * @param {AbortSignal} [signal]
   * @returns {Promise<Swarms>}
   */
  async listSwarms(query = {}, signal) {
    const answer = await this.#ask("GET", "/api/v1/tracker/swarms", query, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Watch a folder no more. Nothing happens to the folder.
   * @param {object} [query]
   * @param {string} [query.path]
   *   Full path of the folder.
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  async removeWatchFolder(query = {}, signal) {
    await this.#ask("DELETE", "/api/v1/watch-folders", query, undefined, undefined, signal);
  }

  /**
   * List folders that are watched for torrent files, and what became of these.
   * @param {AbortSignal} [signal]
   * @returns {Promise<WatchList>}
   */
  async listWatchFolders(signal) {
    const answer = await this.#ask("GET", "/api/v1/watch-folders", undefined, undefined, undefined, signal);
    return answer.json();
  }

  /**
   * Watch a folder, or change how it is watched. It is kept as the setting paths.watch,
   * which then counts instead of the list in the configuration file.
   * @param {WatchFolder} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<WatchList>}
   */
  async setWatchFolder(body, signal) {
    const answer = await this.#ask("PUT", "/api/v1/watch-folders", undefined, body, "application/json", signal);
    return answer.json();
  }
}

/** Not every browser has streams that can be iterated. */
async function* chunks(stream) {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
