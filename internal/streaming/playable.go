package streaming

import (
	"path"
	"strings"
)

// kinds are the types that players and browsers show, by extension. The table of
// the system is not asked, and content is not looked at: what a name says is the
// same everywhere.
var kinds = map[string]string{
	".mp4": "video/mp4", ".m4v": "video/mp4", ".mkv": "video/x-matroska", ".webm": "video/webm",
	".avi": "video/x-msvideo", ".mov": "video/quicktime", ".mpg": "video/mpeg", ".mpeg": "video/mpeg",
	".ts": "video/mp2t", ".m2ts": "video/mp2t", ".ogv": "video/ogg", ".wmv": "video/x-ms-wmv", ".flv": "video/x-flv",
	".3gp": "video/3gpp",
	".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".m4b": "audio/mp4", ".aac": "audio/aac", ".flac": "audio/flac",
	".ogg": "audio/ogg", ".oga": "audio/ogg", ".opus": "audio/ogg", ".wav": "audio/wav", ".weba": "audio/webm",
	".wma": "audio/x-ms-wma", ".mka": "audio/x-matroska",
	".srt": "application/x-subrip", ".vtt": "text/vtt",
	".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp",
}

// typeOf returns the content type of a file, and whether it may be shown: all else
// is to be saved.
func typeOf(name string) (kind string, shown bool) {
	if kind, shown = kinds[strings.ToLower(path.Ext(name))]; !shown {
		return "application/octet-stream", false
	}
	return kind, true
}

// Playable reports whether a name is that of a film or of sound.
func Playable(name string) bool {
	kind, _ := typeOf(name)
	return strings.HasPrefix(kind, "video/") || strings.HasPrefix(kind, "audio/")
}

// Main returns which of some files a player is meant to get: the longest that it
// can play, or the longest of all.
func Main(files []File) (main File) {
	for _, f := range files {
		better := Playable(f.Name) && !Playable(main.Name)
		if better || Playable(f.Name) == Playable(main.Name) && (f.Size > main.Size || main.Name == "") {
			main = f
		}
	}
	return main
}
