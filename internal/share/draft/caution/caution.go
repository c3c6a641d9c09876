// Package caution says what a folder gives away by what lies in it and what things are
// called there: habits, which no program can undo for anybody.
package caution

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Kind is what one should look at again.
type Kind string

// The kinds, the most urgent first.
const (
	Secret     Kind = "secret"     // it looks like a key or a file with passwords
	Name       Kind = "name"       // somebody's name is in a name
	Hidden     Kind = "hidden"     // a file that file managers do not show
	Backup     Kind = "backup"     // an older state of something, or what a program left behind
	Opaque     Kind = "opaque"     // nobody can say what it tells
	Unreadable Kind = "unreadable" // it cannot be read
	Link       Kind = "link"       // a symbolic link that leads out of the folder: not shared
	Special    Kind = "special"    // neither file nor folder: not shared
	Many       Kind = "many"       // more files than anybody has looked through
)

// Caution is one of them.
type Caution struct {
	Kind Kind
	File string // slash-separated, below what is shared; "" if it is about all of it
	Text string // a sentence
}

// Names are words that give the user away when they are part of a name.
type Names []string

var (
	mail = regexp.MustCompile(`[\pL\d._%+-]+@[\pL\d-]+\.[\pL\d.-]+`)
	mine = regexp.MustCompile(`(?i)^(my|mine|mein|meine|mes|mon|mis|mi|мои|moje)[ _.-]`)
)

// Of returns what a file or folder gives away by its path, of which the last name alone
// is looked at: the others have been seen before.
func (n Names) Of(file string) (Caution, bool) {
	name := path.Base(file)
	lower := strings.ToLower(name)
	switch {
	case secret(lower):
		return Caution{Secret, file, "It looks like a key, or like a file with passwords."}, true
	case strings.ContainsFunc(name, unseen):
		return Caution{Name, file, "Its name has characters that do not print, or that turn the direction of writing: others see another name."}, true
	case n.within(lower):
		return Caution{Name, file, "Your name, or that of this computer, is in its name."}, true
	case mail.MatchString(name):
		return Caution{Name, file, "There is an e-mail address in its name."}, true
	case mine.MatchString(name):
		return Caution{Name, file, "Its name says that it is yours."}, true
	case backup(lower):
		return Caution{Backup, file, "It looks like an older copy, or like something that a program has left behind."}, true
	case strings.HasPrefix(name, "."):
		return Caution{Hidden, file, "File managers do not show it: is it meant to be shared?"}, true
	}
	return Caution{}, false
}

// unseen reports what does not look like what it is.
func unseen(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }

// within reports whether one of the words is in a name, not merely its letters.
func (n Names) within(lower string) bool {
	for _, word := range n {
		word = strings.ToLower(strings.TrimSpace(word))
		if len(word) < 3 {
			continue
		}
		for rest := lower; ; {
			i := strings.Index(rest, word)
			if i < 0 {
				break
			}
			end := i + len(word)
			if (i == 0 || !letter(rest[i-1])) && (end == len(rest) || !letter(rest[end])) {
				return true
			}
			rest = rest[end:]
		}
	}
	return false
}

func letter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 0x80 }

// secret knows what programs call keys and passwords.
func secret(lower string) bool {
	switch lower {
	case ".ssh", ".gnupg", ".aws", ".env", ".netrc", ".pgpass", ".htpasswd", "wallet.dat", "id_rsa", "id_ed25519", "id_ecdsa", "id_dsa",
		"passwords.txt", "password.txt", "credentials", "credentials.json", "logins.json", "key4.db", "shadow":
		return true
	}
	switch path.Ext(lower) {
	case ".kdbx", ".kdb", ".pem", ".key", ".p12", ".pfx", ".ppk", ".jks", ".ovpn", ".agekey":
		return true
	}
	return false
}

func backup(lower string) bool {
	switch lower {
	case ".ds_store", "thumbs.db", "desktop.ini", "__macosx", "lost+found", "$recycle.bin", ".trash":
		return true
	}
	switch path.Ext(lower) {
	case ".bak", ".old", ".orig", ".swp", ".tmp", ".part", ".crdownload", ".autosave":
		return true
	}
	return strings.HasSuffix(lower, "~") || strings.HasPrefix(lower, "~$") || strings.HasPrefix(lower, ".~lock.") || strings.HasPrefix(lower, "._")
}

// Rank returns how urgent a kind is, 0 being the most.
func (k Kind) Rank() int {
	return slices.Index([]Kind{Secret, Name, Hidden, Backup, Opaque, Unreadable, Link, Special, Many}, k)
}
