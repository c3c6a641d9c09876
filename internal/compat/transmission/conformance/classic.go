package conformance

import "strings"

// classicFields are the fields of torrent-get in 3.00.
const classicFields = `"activityDate","addedDate","bandwidthPriority","comment","corruptEver","creator","dateCreated",
"desiredAvailable","doneDate","downloadDir","downloadedEver","downloadLimit","downloadLimited","editDate","error","errorString",
"eta","etaIdle","files","fileStats","hashString","haveUnchecked","haveValid","honorsSessionLimits","id","isFinished","isPrivate",
"isStalled","labels","leftUntilDone","magnetLink","manualAnnounceTime","maxConnectedPeers","metadataPercentComplete","name",
"peer-limit","peers","peersConnected","peersFrom","peersGettingFromUs","peersSendingToUs","percentDone","pieceCount","pieces",
"pieceSize","priorities","queuePosition","rateDownload","rateUpload","recheckProgress","secondsDownloading","secondsSeeding",
"seedIdleLimit","seedIdleMode","seedRatioLimit","seedRatioMode","sizeWhenDone","startDate","status","torrentFile","totalSize",
"trackers","trackerStats","uploadedEver","uploadLimit","uploadLimited","uploadRatio","wanted","webseeds","webseedsSendingToUs"`

// Classic is the script in the words of Transmission 3.00.
func Classic() []Step {
	var steps []Step
	for _, list := range [][]Step{classicSession(), classicAdding(), classicLooking(), classicChanging(), classicActing(), classicEnding()} {
		steps = append(steps, list...)
	}
	return steps
}

func classicSession() []Step {
	return []Step{
		{Name: "session-get", Body: `{"method":"session-get","tag":7}`},
		{Name: "session-get of fields", Body: `{"method":"session-get","arguments":{"fields":["version","rpc-version","seedRatioLimit","units","nonesuch"]}}`},
		{Name: "session-stats", Body: `{"method":"session-stats","tag":0}`},
		{Name: "session-set of nothing", Body: `{"method":"session-set"}`},
		{Name: "session-set", Body: `{"method":"session-set","arguments":{"alt-speed-down":40,"alt-speed-enabled":true,"alt-speed-time-begin":60,
"alt-speed-time-day":65,"alt-speed-time-enabled":true,"alt-speed-time-end":120,"alt-speed-up":30,"blocklist-enabled":true,
"blocklist-url":"$blocklist","cache-size-mb":8,"dht-enabled":false,"download-dir":"$dir","download-queue-enabled":true,
"download-queue-size":7,"encryption":"tolerated","idle-seeding-limit":90,"idle-seeding-limit-enabled":true,"incomplete-dir":"$other",
"incomplete-dir-enabled":false,"lpd-enabled":false,"peer-limit-global":100,"peer-limit-per-torrent":20,"peer-port-random-on-start":false,
"pex-enabled":true,"port-forwarding-enabled":false,"queue-stalled-enabled":true,"queue-stalled-minutes":20,"rename-partial-files":false,
"script-torrent-done-enabled":false,"seed-queue-enabled":true,"seed-queue-size":9,"seedRatioLimit":1.5,"seedRatioLimited":true,
"speed-limit-down":900,"speed-limit-down-enabled":true,"speed-limit-up":800,"speed-limit-up-enabled":true,"start-added-torrents":true,
"trash-original-torrent-files":false,"utp-enabled":false}}`},
		{Name: "session-get after session-set", Body: `{"method":"session-get"}`},
		{Name: "session-set of what is none", Body: `{"method":"session-set","arguments":{"peer-limit-global":"many","encryption":"foo","nonesuch":1}}`},
		{Name: "session-set of a folder", Body: `{"method":"session-set","arguments":{"download-dir":"relative"}}`},
		{Name: "session-set back", Body: `{"method":"session-set","arguments":{"alt-speed-enabled":false,"alt-speed-time-enabled":false,"seedRatioLimited":false,
"idle-seeding-limit-enabled":false,"speed-limit-down-enabled":false,"speed-limit-up-enabled":false,"encryption":"preferred"}}`},
		{Name: "blocklist-update", Body: `{"method":"blocklist-update"}`},
		{Name: "free-space", Body: `{"method":"free-space","arguments":{"path":"$dir"}}`},
		{Name: "free-space of nothing", Body: `{"method":"free-space"}`},
		{Name: "free-space nowhere", Body: `{"method":"free-space","arguments":{"path":"/nonesuch"}}`},
		{Name: "free-space of a relative path", Body: `{"method":"free-space","arguments":{"path":"relative"}}`},
	}
}

func classicAdding() []Step {
	return []Step{
		{Name: "torrent-add", Keep: "$id", Body: `{"method":"torrent-add","arguments":{"metainfo":"$seed","download-dir":"$dir","paused":false,
"peer-limit":30,"bandwidthPriority":0,"files-wanted":[0,1],"files-unwanted":[],"priority-high":[0],"priority-low":[1],"priority-normal":[2],"labels":["x"]}}`},
		{Name: "torrent-add once more", Body: `{"method":"torrent-add","arguments":{"metainfo":"$seed"}}`},
		{Name: "torrent-add of what is missing", Keep: "$id2", Body: `{"method":"torrent-add","arguments":{"metainfo":"$lacking","download-dir":"$dir","paused":true}}`},
		{Name: "torrent-add of a link", Keep: "$id3", Body: `{"method":"torrent-add","arguments":{"filename":"$magnet","download-dir":"$dir","paused":true}}`},
		{Name: "torrent-add of a URL", Keep: "$id4", Body: `{"method":"torrent-add","arguments":{"filename":"$torrent","cookies":"a=b","paused":true}}`},
		{Name: "torrent-add of nothing", Body: `{"method":"torrent-add","arguments":{}}`},
		{Name: "torrent-add of a number", Body: `{"method":"torrent-add","arguments":{"filename":5}}`},
		{Name: "torrent-add of a broken link", Body: `{"method":"torrent-add","arguments":{"filename":"magnet:?x"}}`},
		{Name: "torrent-add of no file", Body: `{"method":"torrent-add","arguments":{"filename":"/nonesuch.torrent"}}`},
		{Name: "torrent-add of no torrent", Body: `{"method":"torrent-add","arguments":{"metainfo":"aGVsbG8="}}`},
		{Name: "torrent-add of no base64", Body: `{"method":"torrent-add","arguments":{"metainfo":"!!!"}}`},
		{Name: "torrent-add to a relative path", Body: `{"method":"torrent-add","arguments":{"metainfo":"$seed","download-dir":"relative"}}`},
	}
}

func classicLooking() []Step {
	ask := func(ids, more string) string {
		return `{"method":"torrent-get","arguments":{"fields":[` + strings.ReplaceAll(classicFields, "\n", "") + `]` + ids + more + `}}`
	}
	return []Step{
		{Name: "torrent-get until it seeds", Body: `{"method":"torrent-get","arguments":{"fields":["status"],"ids":["$hash"]}}`, Until: seeds},
		{Name: "torrent-get of a seed with a peer", Visit: true, Body: ask(`,"ids":["$hash"]`, ""), Until: hasPeer},
		{Name: "torrent-get by upper case", Body: `{"method":"torrent-get","arguments":{"fields":["id","name"],"ids":["$HASH"]}}`},
		{Name: "torrent-get of what is missing", Body: ask(`,"ids":[$id2;]`, "")},
		{Name: "torrent-get of a link", Body: ask(`,"ids":$id3;`, "")},
		{Name: "torrent-get as a table", Body: `{"method":"torrent-get","arguments":{"fields":["id"],"format":"table"}}`},
		{Name: "torrent-get of recent ones", Body: `{"method":"torrent-get","arguments":{"fields":["id","name","status"],"ids":"recently-active"}}`},
		{Name: "torrent-get of one that is unknown", Body: `{"method":"torrent-get","arguments":{"fields":["id"],"ids":[4711]}}`},
		{Name: "torrent-get of a hash that is unknown", Body: `{"method":"torrent-get","arguments":{"fields":["id"],"ids":["0123456789012345678901234567890123456789"]}}`},
		{Name: "torrent-get of no fields", Body: `{"method":"torrent-get","arguments":{}}`},
		{Name: "torrent-get of a field that is no list", Body: `{"method":"torrent-get","arguments":{"fields":"id"}}`},
	}
}

func classicChanging() []Step {
	return []Step{
		{Name: "torrent-set", Body: `{"method":"torrent-set","arguments":{"ids":["$hash"],"bandwidthPriority":1,"downloadLimit":70,"downloadLimited":true,
"files-wanted":[0,1,2],"files-unwanted":[1],"honorsSessionLimits":true,"labels":["a","b"],"peer-limit":25,"priority-high":[2],"priority-low":[0],
"priority-normal":[1],"queuePosition":1,"seedIdleLimit":50,"seedIdleMode":1,"seedRatioLimit":3.5,"seedRatioMode":1,
"uploadLimit":60,"uploadLimited":true,"trackerAdd":["$tracker"]}}`},
		{Name: "torrent-set of all files", Body: `{"method":"torrent-set","arguments":{"ids":["$hash"],"files-wanted":[],"priority-normal":[]}}`},
		{Name: "torrent-set of a file that is none", Body: `{"method":"torrent-set","arguments":{"ids":["$hash"],"files-unwanted":[99]}}`},
		{Name: "torrent-set of a tracker once more", Body: `{"method":"torrent-set","arguments":{"ids":["$hash"],"trackerAdd":["$tracker"]}}`},
		{Name: "torrent-set of a tracker that is none", Body: `{"method":"torrent-set","arguments":{"ids":["$hash"],"trackerAdd":["nonesuch"]}}`},
		{Name: "torrent-set to replace a tracker", Body: `{"method":"torrent-set","arguments":{"ids":["$hash"],"trackerReplace":[0,"http://127.0.0.1:9/announce"]}}`},
		{Name: "torrent-set to remove a tracker", Body: `{"method":"torrent-set","arguments":{"ids":["$hash"],"trackerRemove":[0]}}`},
		{Name: "torrent-set to remove no tracker", Body: `{"method":"torrent-set","arguments":{"ids":["$hash"],"trackerRemove":[4711]}}`},
		{Name: "torrent-set of two labels that are one", Body: `{"method":"torrent-set","arguments":{"ids":["$hash"],"labels":["a","a"]}}`},
		{Name: "torrent-set of a label with a comma", Body: `{"method":"torrent-set","arguments":{"ids":["$hash"],"labels":["a,b"]}}`},
		{Name: "torrent-set of an empty label", Body: `{"method":"torrent-set","arguments":{"ids":["$hash"],"labels":[""]}}`},
		{Name: "torrent-set of wrong types", Body: `{"method":"torrent-set","arguments":{"ids":["$hash"],"uploadLimit":"fast","labels":5,"files-wanted":7,"seedRatioMode":true}}`},
	}
}

func classicActing() []Step {
	var steps []Step
	for _, method := range []string{
		"torrent-stop", "torrent-start", "torrent-start-now", "torrent-verify", "torrent-reannounce",
		"queue-move-top", "queue-move-up", "queue-move-down", "queue-move-bottom",
	} {
		steps = append(steps,
			Step{Name: method, Body: `{"method":"` + method + `","arguments":{"ids":["$hash"]},"tag":12}`},
			Step{Name: method + " of one that is unknown", Body: `{"method":"` + method + `","arguments":{"ids":[4711]}}`})
	}
	return append(steps, []Step{
		{Name: "torrent-rename-path", Body: `{"method":"torrent-rename-path","arguments":{"ids":[$id2;],"path":"lacking","name":"renamed"}}`},
		{Name: "torrent-rename-path of two", Body: `{"method":"torrent-rename-path","arguments":{"ids":[$id2;,$id3;],"path":"lacking","name":"renamed"}}`},
		{Name: "torrent-rename-path to a path", Body: `{"method":"torrent-rename-path","arguments":{"ids":[$id2;],"path":"renamed","name":"../up"}}`},
		{Name: "torrent-rename-path of nothing", Body: `{"method":"torrent-rename-path","arguments":{"ids":[$id2;],"path":"nonesuch","name":"x"}}`},
		{Name: "torrent-set-location without moving", Body: `{"method":"torrent-set-location","arguments":{"ids":[$id2;],"location":"$other","move":false}}`},
		{Name: "torrent-set-location", Body: `{"method":"torrent-set-location","arguments":{"ids":[$id2;],"location":"$dir","move":true}}`},
		{Name: "torrent-set-location nowhere", Body: `{"method":"torrent-set-location","arguments":{"ids":[$id2;]}}`},
		{Name: "torrent-set-location to a relative path", Body: `{"method":"torrent-set-location","arguments":{"ids":[$id2;],"location":"relative"}}`},
	}...)
}

func classicEnding() []Step {
	return []Step{
		{Name: "session-stats at the end", Body: `{"method":"session-stats"}`},
		{Name: "torrent-remove", Body: `{"method":"torrent-remove","arguments":{"ids":[$id3;]}}`},
		{Name: "torrent-remove with data", Body: `{"method":"torrent-remove","arguments":{"ids":[$id2;],"delete-local-data":true}}`},
		{Name: "torrent-get of removed ones", Body: `{"method":"torrent-get","arguments":{"fields":["id"],"ids":"recently-active"}}`, Until: hasRemoved},
		{Name: "no method", Body: `{}`},
		{Name: "a method that is none", Body: `{"method":"nonesuch"}`},
		{Name: "a method that is a number", Body: `{"method":5}`},
		{Name: "arguments that are a list", Body: `{"method":"torrent-get","arguments":[1]}`},
		{Name: "no JSON", Body: `xx`},
		{Name: "nothing", Body: ``},
		{Name: "a list", Body: `[]`},
		{Name: "a tag that is a string", Body: `{"method":"torrent-start","arguments":{"ids":[4711]},"tag":"x"}`},
		{Name: "session-close", Body: `{"method":"session-close"}`},
	}
}
