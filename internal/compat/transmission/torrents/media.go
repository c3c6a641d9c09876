package torrents

import "path/filepath"

// kind returns the media type of most of the content, by the names of files.
func (l *one) kind() string {
	bytes := make(map[string]int64)
	best := "application/octet-stream"
	for _, f := range l.list() {
		kind := kindOf(filepath.Ext(f.Path))
		if bytes[kind] += f.Size; bytes[kind] > bytes[best] {
			best = kind
		}
	}
	return best
}

func kindOf(extension string) string {
	switch extension {
	case ".mkv":
		return "video/x-matroska"
	case ".mp4", ".m4v":
		return "video/mp4"
	case ".avi":
		return "video/x-msvideo"
	case ".webm":
		return "video/webm"
	case ".mp3":
		return "audio/mpeg"
	case ".flac":
		return "audio/flac"
	case ".ogg", ".opus":
		return "audio/ogg"
	case ".m4a", ".m4b":
		return "audio/mp4"
	case ".epub":
		return "application/epub+zip"
	case ".pdf":
		return "application/pdf"
	case ".zip":
		return "application/zip"
	case ".jpg", ".jpeg":
		return "image/jpeg"
	case ".png":
		return "image/png"
	case ".txt", ".nfo", ".srt":
		return "text/plain"
	}
	return "application/octet-stream"
}
