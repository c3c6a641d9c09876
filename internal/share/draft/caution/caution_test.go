package caution_test

import (
	"testing"

	"github.com/warren-p2p/warren/internal/share/draft/caution"
)

func TestNames(t *testing.T) {
	names := caution.Names{"erika", "x", ""}
	for name, want := range map[string]caution.Kind{
		"a/Erika Mustermann.txt": caution.Name, "a/erika": caution.Name, "a/letter-from-erika.txt": caution.Name, "a/Amerikaner": "", "x": "", "a/erikas": "",
		"me@example.org.txt": caution.Name, "My holidays": caution.Name, "Meine_Bilder": caution.Name, "Mystery": "", "mine": "",
		".ssh": caution.Secret, "db.KDBX": caution.Secret, "a/id_rsa": caution.Secret, "monkey": "", ".git": caution.Hidden, "a/b.bak": caution.Backup, "a~": caution.Backup,
		"Thumbs.db": caution.Backup, ".DS_Store": caution.Backup, "erika/photo.jpg": "",
		"photo\u202egpj.exe": caution.Name, "a/\x1b[31mred": caution.Name, "Screenshot 10.11\u202fAM.png": "", "👨\u200d👩\u200d👧.jpg": "", "photo.jpg": "",
	} {
		got, ok := names.Of(name)
		if got.Kind != want || ok != (want != "") || ok && (got.File != name || got.Text == "" || got.Kind.Rank() < 0) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
