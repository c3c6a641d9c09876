package conformance

// modernFields are the fields of torrent_get in 4.2.
const modernFields = `"activity_date","added_date","availability","bandwidth_priority","bytes_completed","comment","corrupt_ever","creator",` +
	`"date_created","desired_available","done_date","download_dir","downloaded_ever","download_limit","download_limited","edit_date","error",` +
	`"error_string","eta","eta_idle","file_count","files","file_stats","group","hash_string","have_unchecked","have_valid",` +
	`"honors_session_limits","id","is_finished","is_private","is_stalled","labels","left_until_done","magnet_link","manual_announce_time",` +
	`"max_connected_peers","metadata_percent_complete","name","peer_limit","peers","peers_connected","peers_from","peers_getting_from_us",` +
	`"peers_sending_to_us","percent_complete","percent_done","pieces","piece_count","piece_size","priorities","primary_mime_type",` +
	`"queue_position","rate_download","rate_upload","recheck_progress","seconds_downloading","seconds_seeding","seed_idle_limit",` +
	`"seed_idle_mode","seed_ratio_limit","seed_ratio_mode","sequential_download","sequential_download_from_piece","size_when_done",` +
	`"start_date","status","torrent_file","total_size","trackers","tracker_list","tracker_stats","uploaded_ever","upload_limit",` +
	`"upload_limited","upload_ratio","wanted","webseeds","webseeds_ex","webseeds_sending_to_us"`

// Modern is the script in the words of Transmission 4.1 and JSON-RPC 2.0.
func Modern() []Step {
	var steps []Step
	for _, list := range [][]Step{modernSession(), modernTorrents(), modernActing(), modernEnding()} {
		steps = append(steps, list...)
	}
	return steps
}

// modern is a step that asks for a method.
func modern(name, method, params string) Step {
	return Step{Name: name, Body: `{"jsonrpc":"2.0","method":"` + method + `","params":{` + params + `},"id":7}`}
}

func modernSession() []Step {
	return []Step{
		modern("session_get", "session_get", ""),
		modern("session_stats", "session_stats", ""),
		modern("session_set", "session_set", `"alt_speed_down":40,"alt_speed_up":30,"blocklist_url":"$blocklist","blocklist_enabled":true,"download_dir":"$dir","encryption":"allowed",
"preferred_transports":["utp","tcp"],"sequential_download":false,"speed_limit_down":900,"speed_limit_down_enabled":true,"default_trackers":""`),
		modern("blocklist_update", "blocklist_update", ""),
		modern("free_space", "free_space", `"path":"$dir"`),
		modern("free_space of a relative path", "free_space", `"path":"relative"`),
		modern("group_set", "group_set", `"name":"slow","speed_limit_up":50,"speed_limit_up_enabled":true,"speed_limit_down":60,"speed_limit_down_enabled":false,"honors_session_limits":true`),
		modern("group_get", "group_get", ""),
	}
}

func modernTorrents() []Step {
	add := modern("torrent_add", "torrent_add", `"metainfo":"$seed","download_dir":"$dir","paused":false,"labels":["x"],"peer_limit":30,"sequential_download":false`)
	add.Keep = "$id"
	lacking := modern("torrent_add of what is missing", "torrent_add", `"metainfo":"$lacking","download_dir":"$dir","paused":true`)
	lacking.Keep = "$id2"
	get := modern("torrent_get of a seed with a peer", "torrent_get", `"fields":[`+modernFields+`],"ids":["$hash"]`)
	get.Visit, get.Until = true, hasPeer
	wait := modern("torrent_get until it seeds", "torrent_get", `"fields":["status"],"ids":["$hash"]`)
	wait.Until = seeds
	return []Step{
		add, modern("torrent_add once more", "torrent_add", `"metainfo":"$seed"`), lacking,
		modern("torrent_add of nothing", "torrent_add", ""),
		wait, get,
		modern("torrent_get of what is missing", "torrent_get", `"fields":[`+modernFields+`],"ids":[$id2;]`),
		modern("torrent_get as a table", "torrent_get", `"fields":["id","name"],"format":"table"`),
	}
}

func modernActing() []Step {
	steps := []Step{
		modern("torrent_set", "torrent_set", `"ids":["$hash"],"bandwidth_priority":1,"download_limit":70,"download_limited":true,"files_wanted":[0,1,2],
"files_unwanted":[1],"group":"slow","honors_session_limits":true,"labels":["a","b"],"peer_limit":25,"priority_high":[2],"priority_low":[0],
"priority_normal":[1],"queue_position":1,"seed_idle_limit":50,"seed_idle_mode":1,"seed_ratio_limit":3.5,"seed_ratio_mode":1,
"sequential_download":true,"upload_limit":60,"upload_limited":true,"tracker_list":"$tracker"`),
	}
	for _, method := range []string{
		"torrent_stop", "torrent_start", "torrent_start_now", "torrent_verify", "torrent_reannounce",
		"queue_move_top", "queue_move_up", "queue_move_down", "queue_move_bottom",
	} {
		steps = append(steps, modern(method, method, `"ids":["$hash"]`))
	}
	return append(steps,
		modern("torrent_rename_path", "torrent_rename_path", `"ids":[$id2;],"path":"lacking","name":"renamed"`),
		modern("torrent_set_location", "torrent_set_location", `"ids":[$id2;],"location":"$other","move":true`))
}

func modernEnding() []Step {
	removed := modern("torrent_get of removed ones", "torrent_get", `"fields":["id"],"ids":"recently_active"`)
	removed.Until = hasRemoved
	return []Step{
		modern("torrent_remove", "torrent_remove", `"ids":[$id2;],"delete_local_data":true`),
		removed,
		modern("a method that is none", "nonesuch", ""),
		{Name: "params that are a list", Body: `{"jsonrpc":"2.0","method":"session_get","params":[1],"id":7}`},
		{Name: "a notification", Body: `{"jsonrpc":"2.0","method":"session_stats"}`},
		{Name: "a batch", Body: `[{"jsonrpc":"2.0","method":"session_get","params":{"fields":["version"]},"id":1},{"jsonrpc":"2.0","method":"session_stats"},
{"jsonrpc":"2.0","method":"session_get","params":{"fields":["units"]},"id":2}]`},
		modern("session_close", "session_close", ""),
	}
}
